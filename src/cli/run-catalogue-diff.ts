export async function runCatalogueDiff() {}

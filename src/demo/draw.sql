-- demo.draw: draw(random, salt, n) is an integer 0 … n−1 from a row's own random bits
-- hash() of a UBIGINT depends on nothing but its value, so neither threads nor the order of rows matter.
-- Each decision has a salt of its own, so that decisions do not hang together. hash(a, b) is no way to mix in a
-- salt: it only combines two hashes by xor, and draws with different salts would follow from one another.
CREATE OR REPLACE MACRO demo.draw(random, salt, n) AS
  CAST(hash(xor(CAST(random AS UBIGINT), CAST(salt AS UBIGINT))) % CAST(n AS UBIGINT) AS INTEGER);

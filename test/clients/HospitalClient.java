import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.text.SimpleDateFormat;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/** A hospital system as many are written: strings put together, HttpURLConnection, "null" where nothing is, one visit from the card to its reversal. */
public class HospitalClient {
    static String host, path, hospital, area;
    static int port, sequence;
    /** Never set: "" + null is "null". */
    static String signNo, insuredArea, signature, device;

    public static void main(String[] arguments) throws Exception {
        host = arguments[0];
        port = Integer.parseInt(arguments[1]);
        path = arguments[2];
        hospital = arguments[3];
        area = arguments[4];
        String psnNo = arguments[5], certno = arguments[6], name = arguments[7], insutype = arguments[8];
        String who = "\"psn_no\":\"" + psnNo + "\",\"mdtrt_cert_type\":\"02\",\"mdtrt_cert_no\":\"" + certno + "\",\"card_sn\":\"" + device
            + "\",\"psn_cert_type\":\"01\",\"certno\":\"" + certno + "\",\"psn_name\":\"" + name + "\",\"psn_type\":\"11\",\"insutype\":\"" + insutype + "\"";

        String ask = "{\"data\":{" + who + ",\"begntime\":\"" + device + "\"}}";
        for (Way way : ways()) {
            String answer = way.send(message("1101", ask));
            check(field(answer, "psn_no").equals(psnNo), way.name + ": " + answer);
            check(field(answer, "psn_name").equals(name), way.name + ": " + answer);
            System.out.println(way.name);
        }

        Way plain = ways()[0];
        long now = new SimpleDateFormat("yyyy-MM-dd HH:mm:ss Z").parse("2025-08-09 09:30:00 +0800").getTime();
        String mdtrt = field(ok(plain.send(message("2201", "{\"data\":{" + who + ",\"begntime\":" + now
            + ",\"ipt_otp_no\":\"JAVA1\",\"dept_code\":\"03\",\"dept_name\":\"内科\",\"caty\":\"A03\"}}"))), "mdtrt_id");
        ok(plain.send(message("2203", "{\"mdtrtinfo\":{\"mdtrt_id\":\"" + mdtrt + "\",\"psn_no\":\"" + psnNo
            + "\",\"med_type\":11,\"begntime\":[2025,8,9,9,30],\"dise_codg\":\"J00\",\"dise_name\":\"感冒\",\"birctrl_matn_date\":\"" + device + "\"},"
            + "\"diseinfo\":[{\"diag_type\":\"1\",\"diag_srt_no\":1,\"diag_code\":\"J00\",\"diag_name\":\"感冒\",\"diag_dept\":\"内科\","
            + "\"dise_dor_no\":\"D1\",\"dise_dor_name\":\"赵\",\"diag_time\":\"2025-08-09T09:40:00.000+0800\",\"vali_flag\":true}]}")));
        BigDecimal hundred = new BigDecimal("1E+2"), small = new BigDecimal("33.35");
        String lines = "{\"feedetail\":[" + line(mdtrt, psnNo, "1", hundred, 3) + "," + line(mdtrt, psnNo, "2", small, 2) + "]}";
        String split = ok(plain.send(message("2204", lines)));
        check(split.contains("\"det_item_fee_sumamt\":\"300.00\"") && split.contains("\"det_item_fee_sumamt\":\"66.70\""), split);

        double total = 366.7;
        String settle = message("2207", "{\"data\":{" + who + ",\"med_type\":\"11\",\"medfee_sumamt\":" + total + ",\"psn_setlway\":\"01\",\"mdtrt_id\":\"" + mdtrt
            + "\",\"chrg_bchno\":\"B1\",\"acct_used_flag\":\"0\",\"invono\":\"" + device + "\",\"fulamt_ownpay_amt\":\"" + new BigDecimal("0E-8")
            + "\",\"overlmt_selfpay\":0.0,\"preselfpay_amt\":\"0\",\"inscp_scp_amt\":" + (float) total + ",\"acct_pay\":\"" + device + "\"}}");
        String first = ok(plain.send(settle));
        for (Way way : ways()) check(way.send(settle).equals(first), way.name + ": another answer to the same message");
        BigDecimal parts = amount(first, "fund_pay_sumamt").add(amount(first, "psn_part_amt")).add(amount(first, "hosp_part_amt"));
        check(amount(first, "medfee_sumamt").compareTo(parts) == 0, first);
        String back = ok(plain.send(message("2208", "{\"data\":{\"setl_id\":\"" + field(first, "setl_id") + "\",\"mdtrt_id\":\"" + mdtrt + "\",\"psn_no\":\"" + psnNo + "\"}}")));
        check(amount(back, "psn_cash_pay").add(amount(first, "psn_cash_pay")).signum() == 0, back);
        System.out.println("done");
    }

    static String line(String mdtrt, String psnNo, String number, BigDecimal price, int count) {
        return "{\"feedetl_sn\":\"" + number + "\",\"mdtrt_id\":\"" + mdtrt + "\",\"psn_no\":\"" + psnNo + "\",\"chrg_bchno\":\"B1\",\"rx_circ_flag\":false,"
            + "\"fee_ocur_time\":\"" + new SimpleDateFormat("2025/8/9 9:mm:ss").format(new Date(0)) + "\",\"med_list_codg\":\"XA02BCA001\",\"medins_list_codg\":\"A1\","
            + "\"det_item_fee_sumamt\":" + price.multiply(new BigDecimal(count)).doubleValue() + ",\"cnt\":" + count + ",\"pric\":\"" + price
            + "\",\"bilg_dept_codg\":\"03\",\"bilg_dept_name\":\"内科\",\"bilg_dr_codg\":\"D1\",\"bilg_dr_name\":\"赵\",\"hosp_appr_flag\":\"0\"}";
    }

    static String message(String infno, String input) {
        String time = new SimpleDateFormat("yyyyMMddHHmmss").format(new Date());
        Map<String, String> header = new LinkedHashMap<>();
        header.put("infno", infno);
        header.put("msgid", hospital + time + String.format("%04d", ++sequence));
        header.put("mdtrtarea_admvs", area);
        header.put("insuplc_admdvs", insuredArea);
        header.put("recer_sys_code", "YB");
        header.put("dev_no", device);
        header.put("dev_safe_info", device);
        header.put("cainfo", signature);
        header.put("signtype", signature);
        header.put("infver", "V1.0");
        header.put("opter_type", "1");
        header.put("opter", "1001");
        header.put("opter_name", "王收费");
        header.put("inf_time", new SimpleDateFormat("yyyy-MM-dd HH:mm:ss").format(new Date()));
        header.put("fixmedins_code", hospital);
        header.put("fixmedins_name", "市人民医院");
        header.put("sign_no", signNo);
        StringBuilder text = new StringBuilder("{");
        for (Map.Entry<String, String> each : header.entrySet()) text.append("\"" + each.getKey() + "\":\"" + each.getValue() + "\",");
        return text + "\"input\":" + input + "}";
    }

    interface Sending { byte[] send(String body) throws Exception; }

    static class Way {
        final String name;
        final Sending sending;
        Way(String name, Sending sending) { this.name = name; this.sending = sending; }
        String send(String body) throws Exception { return new String(sending.send(body), StandardCharsets.UTF_8); }
    }

    static final Charset GBK = Charset.forName("GBK");

    static Way[] ways() {
        return new Way[] {
            new Way("HttpURLConnection, JSON", body -> post(body.getBytes("UTF-8"), "application/json;charset=UTF-8", false)),
            new Way("HttpURLConnection, the content type it has of itself", body -> post(body.getBytes("UTF-8"), null, false)),
            new Way("text/plain in GBK", body -> post(body.getBytes(GBK), "text/plain; charset=GBK", false)),
            new Way("application/json in GB18030, chunked", body -> post(body.getBytes("GB18030"), "application/json;charset=gb18030", true)),
            new Way("a byte order mark", body -> post(("\uFEFF" + body).getBytes("UTF-8"), "text/xml;charset=utf-8", false)),
            new Way("UTF-16", body -> post(body.getBytes("UTF-16"), "text/plain;charset=UTF-16", false)),
            new Way("a form with jsonStr", body -> post(("jsonStr=" + URLEncoder.encode(body, "UTF-8")).getBytes(), "application/x-www-form-urlencoded", false)),
            new Way("a form with jsonStr in GBK", body -> post(("user=his&jsonStr=" + URLEncoder.encode(body, "GBK")).getBytes(), "application/x-www-form-urlencoded;charset=GBK", false)),
            new Way("the whole text percent-encoded", body -> post(URLEncoder.encode(body, "UTF-8").getBytes(), "application/x-www-form-urlencoded; charset=utf-8", true)),
            new Way("chunked", body -> post(body.getBytes("UTF-8"), "application/octet-stream", true)),
            new Way("gzip", body -> {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) { zip.write(body.getBytes("UTF-8")); }
                HttpURLConnection connection = open("application/json");
                connection.setRequestProperty("Content-Encoding", "gzip");
                connection.setRequestProperty("Accept-Encoding", "gzip, deflate");
                return exchange(connection, bytes.toByteArray());
            }),
            new Way("Expect: 100-continue", body -> {
                byte[] bytes = body.getBytes("UTF-8");
                HttpURLConnection connection = open("application/json");
                connection.setRequestProperty("Expect", "100-continue");
                connection.setFixedLengthStreamingMode(bytes.length);
                return exchange(connection, bytes);
            }),
            new Way("Connection: close", body -> {
                HttpURLConnection connection = open("application/json");
                connection.setRequestProperty("Connection", "close");
                return exchange(connection, body.getBytes("UTF-8"));
            }),
            new Way("java.net.http, asking for HTTP/2", body -> client(body, HttpClient.Version.HTTP_2, false)),
            new Way("java.net.http, HTTP/1.1, expecting to be told to go on", body -> client(body, HttpClient.Version.HTTP_1_1, true)),
            new Way("a socket, HTTP/1.0, header names in small letters, no content type", body -> {
                byte[] bytes = body.getBytes("UTF-8");
                return socket("POST " + path + " HTTP/1.0\r\ncontent-length: " + bytes.length + "\r\n\r\n", bytes);
            }),
            new Way("a socket, HTTP/1.1, header names in capitals", body -> {
                byte[] bytes = body.getBytes("UTF-8");
                return socket("POST " + path + " HTTP/1.1\r\nHOST: " + host + "\r\nCONTENT-TYPE: APPLICATION/JSON\r\nCONTENT-LENGTH: " + bytes.length
                    + "\r\nCONNECTION: CLOSE\r\n\r\n", bytes);
            }),
        };
    }

    static HttpURLConnection open(String contentType) throws Exception {
        HttpURLConnection connection = (HttpURLConnection) new URL("http", host, port, path).openConnection();
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setUseCaches(false);
        connection.setConnectTimeout(30_000);
        connection.setReadTimeout(60_000);
        if (contentType != null) connection.setRequestProperty("Content-Type", contentType);
        connection.setRequestProperty("accept", "*/*");
        return connection;
    }

    static byte[] post(byte[] body, String contentType, boolean isChunked) throws Exception {
        HttpURLConnection connection = open(contentType);
        if (isChunked) connection.setChunkedStreamingMode(64);
        return exchange(connection, body);
    }

    static byte[] exchange(HttpURLConnection connection, byte[] body) throws Exception {
        try (OutputStream out = connection.getOutputStream()) { out.write(body); }
        check(connection.getResponseCode() == 200, "status " + connection.getResponseCode());
        try (InputStream in = connection.getInputStream()) { return in.readAllBytes(); }
    }

    static byte[] client(String body, HttpClient.Version version, boolean isExpecting) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + path)).version(version).expectContinue(isExpecting)
            .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body)).build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
    }

    static byte[] socket(String head, byte[] body) throws Exception {
        try (Socket socket = new Socket(host, port)) {
            socket.getOutputStream().write(head.getBytes("ISO-8859-1"));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            check(answer.contains(" 200 "), answer);
            return answer.substring(answer.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.UTF_8);
        }
    }

    static String ok(String answer) {
        check(answer.startsWith("{\"infcode\":0,"), answer);
        return answer;
    }

    static BigDecimal amount(String answer, String name) { return new BigDecimal(field(answer, name)); }

    static String field(String answer, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(answer);
        check(matcher.find(), name + " is not in " + answer);
        return matcher.group(1);
    }

    static void check(boolean isTrue, String otherwise) {
        if (!isTrue) throw new IllegalStateException(otherwise);
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using System.Web.Script.Serialization;

// A hospital system of .NET as many are: classes with properties in capitals, JavaScriptSerializer and its dates, HttpWebRequest and HttpClient.

public class Envelope {
    public string infno { get; set; }
    public string msgid { get; set; }
    public string mdtrtarea_admvs { get; set; }
    public string insuplc_admdvs { get; set; }
    public string recer_sys_code { get; set; }
    public string dev_no { get; set; }
    public string infver { get; set; }
    public int opter_type { get; set; }
    public string opter { get; set; }
    public string opter_name { get; set; }
    public string inf_time { get; set; }
    public string fixmedins_code { get; set; }
    public string fixmedins_name { get; set; }
    public string sign_no { get; set; }
    public object input { get; set; }
}

public class Person {
    public string Psn_no { get; set; }
    public string Mdtrt_cert_type { get; set; }
    public string Mdtrt_cert_no { get; set; }
    public string Psn_cert_type { get; set; }
    public string Certno { get; set; }
    public string Psn_name { get; set; }
    public string Psn_type { get; set; }
    public string Insutype { get; set; }
}

public class Registration : Person {
    public DateTime Begntime { get; set; }
    public string Ipt_otp_no { get; set; }
    public string Dept_code { get; set; }
    public string Dept_name { get; set; }
    public string Caty { get; set; }
    public DateTime? Endtime { get; set; }
}

public class FeeLine {
    public string feedetl_sn { get; set; }
    public string mdtrt_id { get; set; }
    public string psn_no { get; set; }
    public string chrg_bchno { get; set; }
    public bool rx_circ_flag { get; set; }
    public DateTime fee_ocur_time { get; set; }
    public string med_list_codg { get; set; }
    public string medins_list_codg { get; set; }
    public double det_item_fee_sumamt { get; set; }
    public decimal cnt { get; set; }
    public decimal pric { get; set; }
    public string bilg_dept_codg { get; set; }
    public string bilg_dept_name { get; set; }
    public string bilg_dr_codg { get; set; }
    public string bilg_dr_name { get; set; }
    public int hosp_appr_flag { get; set; }
    public string exp_content { get; set; }
}

public class Settlement : Person {
    public string Med_type { get; set; }
    public decimal Medfee_sumamt { get; set; }
    public string Psn_setlway { get; set; }
    public string Mdtrt_id { get; set; }
    public string Chrg_bchno { get; set; }
    public string Acct_used_flag { get; set; }
    public string Invono { get; set; }
    public decimal? Fulamt_ownpay_amt { get; set; }
    public decimal? Overlmt_selfpay { get; set; }
    public double Preselfpay_amt { get; set; }
    public decimal Inscp_scp_amt { get; set; }
}

public static class HospitalClient {
    static readonly JavaScriptSerializer Json = new JavaScriptSerializer();
    static string url, hospital, area;
    static int sequence;

    delegate string Sending(string body);

    public static int Main(string[] arguments) {
        url = "http://" + arguments[0] + ":" + arguments[1] + arguments[2];
        hospital = arguments[3];
        area = arguments[4];
        string psnNo = arguments[5], certno = arguments[6], name = arguments[7], insutype = arguments[8];
        ServicePointManager.DefaultConnectionLimit = 4;
        try {
            var ways = Ways();
            var person = Fill(new Person(), psnNo, certno, name, insutype);
            foreach (var way in ways) {
                string answer = Ok(way.Value(Message("1101", new { Data = person })));
                Check(Field(answer, "psn_name") == name, way.Key + ": " + answer);
                Console.WriteLine(way.Key);
            }
            Sending send = ways["HttpWebRequest"];
            var registration = (Registration) Fill(new Registration(), psnNo, certno, name, insutype);
            // local time; JavaScriptSerializer writes it as milliseconds since 1970
            registration.Begntime = new DateTime(2025, 8, 19, 1, 30, 0, DateTimeKind.Utc);
            registration.Ipt_otp_no = "NET1";
            registration.Dept_code = "03";
            registration.Dept_name = "内科";
            registration.Caty = "A03";
            string visit = Field(Ok(send(Message("2201", new { Data = registration }))), "mdtrt_id");
            Ok(send(Message("2203", new {
                mdtrtinfo = new { mdtrt_id = visit, psn_no = psnNo, med_type = 11, begntime = "2025-08-19T09:30:00", dise_codg = "J00", dise_name = "感冒" },
                diseinfo = new[] { new { diag_type = "1", diag_srt_no = 1, diag_code = "J00", diag_name = "感冒", diag_dept = "内科", dise_dor_no = "D1",
                    dise_dor_name = "赵", diag_time = new DateTime(2025, 8, 19, 1, 40, 0, DateTimeKind.Utc), vali_flag = true } },
            })));
            var lines = new List<FeeLine>();
            foreach (var each in new[] { new { sn = "1", price = 100m, count = 3m }, new { sn = "2", price = 33.35m, count = 2m } })
                lines.Add(new FeeLine { feedetl_sn = each.sn, mdtrt_id = visit, psn_no = psnNo, chrg_bchno = "B1", fee_ocur_time = registration.Begntime,
                    med_list_codg = "XA02BCA001", medins_list_codg = "A1", det_item_fee_sumamt = (double) (each.price * each.count), cnt = each.count,
                    pric = each.price, bilg_dept_codg = "03", bilg_dept_name = "内科", bilg_dr_codg = "D1", bilg_dr_name = "赵" });
            string split = Ok(send(Message("2204", new { feedetail = lines })));
            Check(split.Contains("\"det_item_fee_sumamt\":\"300.00\"") && split.Contains("\"det_item_fee_sumamt\":\"66.70\""), split);
            var settlement = (Settlement) Fill(new Settlement(), psnNo, certno, name, insutype);
            settlement.Med_type = "11";
            settlement.Medfee_sumamt = 366.700m;
            settlement.Psn_setlway = "01";
            settlement.Mdtrt_id = visit;
            settlement.Chrg_bchno = "B1";
            settlement.Acct_used_flag = "0";
            settlement.Fulamt_ownpay_amt = 0;
            settlement.Overlmt_selfpay = 0.00m;
            settlement.Inscp_scp_amt = 366.7m;
            string message = Message("2207", new { data = settlement }), first = Ok(send(message));
            foreach (var way in ways) Check(way.Value(message) == first, way.Key + ": another answer to the same message");
            decimal total = Amount(first, "fund_pay_sumamt") + Amount(first, "psn_part_amt") + Amount(first, "hosp_part_amt");
            Check(Amount(first, "medfee_sumamt") == total, first);
            string back = Ok(send(Message("2208", new { data = new { setl_id = Field(first, "setl_id"), mdtrt_id = visit, psn_no = psnNo } })));
            Check(Amount(back, "psn_cash_pay") == -Amount(first, "psn_cash_pay"), back);
            Console.WriteLine("done");
            return 0;
        } catch (Exception error) {
            Console.WriteLine(error);
            return 1;
        }
    }

    static Person Fill(Person person, string psnNo, string certno, string name, string insutype) {
        person.Psn_no = psnNo;
        person.Mdtrt_cert_type = "02";
        person.Mdtrt_cert_no = certno;
        person.Psn_cert_type = "01";
        person.Certno = certno;
        person.Psn_name = name;
        person.Psn_type = "11";
        person.Insutype = insutype;
        return person;
    }

    static string Message(string infno, object input) {
        return Json.Serialize(new Envelope { infno = infno, msgid = hospital + DateTime.Now.ToString("yyyyMMddHHmmss") + (++sequence).ToString("0000"),
            mdtrtarea_admvs = area, recer_sys_code = "YB", dev_no = "null", infver = "1.0.0", opter_type = 1, opter = "1001", opter_name = "王收费",
            inf_time = DateTime.Now.ToString("yyyy-MM-dd HH:mm:ss"), fixmedins_code = hospital, fixmedins_name = "市人民医院", sign_no = "null", input = input });
    }

    static Dictionary<string, Sending> Ways() {
        return new Dictionary<string, Sending> {
            // Expect: 100-continue unless told otherwise, and no content type
            { "HttpWebRequest", body => Request(body, null, new UTF8Encoding(false), true) },
            { "HttpWebRequest, a form in name only", body => Request(body, "application/x-www-form-urlencoded", new UTF8Encoding(false), false) },
            { "StreamWriter with its byte order mark", body => Request(body, "application/json", Encoding.UTF8, true) },
            { "Encoding.Unicode", body => Request(body, "text/plain; charset=utf-16", Encoding.Unicode, true) },
            { "StringContent", body => Post(new StringContent(body, Encoding.UTF8, "application/json")) },
            { "StringContent of a text that is JSON already", body => Post(new StringContent(Json.Serialize(body), Encoding.UTF8, "application/json")) },
            { "FormUrlEncodedContent", body => Post(new FormUrlEncodedContent(new Dictionary<string, string> { { "jsonStr", body } })) },
            { "MultipartFormDataContent", body => Post(new MultipartFormDataContent { { new StringContent(body), "jsonStr" } }) },
            { "ByteArrayContent, packed", body => {
                var bytes = new MemoryStream();
                using (var zip = new GZipStream(bytes, CompressionMode.Compress)) { var text = Encoding.UTF8.GetBytes(body); zip.Write(text, 0, text.Length); }
                var content = new ByteArrayContent(bytes.ToArray());
                content.Headers.ContentEncoding.Add("gzip");
                return Post(content);
            } },
        };
    }

    static string Request(string body, string contentType, Encoding encoding, bool isExpecting) {
        var request = (HttpWebRequest) WebRequest.Create(url);
        request.Method = "POST";
        request.ServicePoint.Expect100Continue = isExpecting;
        if (contentType != null) request.ContentType = contentType;
        using (var writer = new StreamWriter(request.GetRequestStream(), encoding)) writer.Write(body);
        using (var response = request.GetResponse())
        using (var reader = new StreamReader(response.GetResponseStream(), Encoding.UTF8)) return reader.ReadToEnd();
    }

    static string Post(HttpContent content) {
        using (var client = new HttpClient()) {
            client.DefaultRequestHeaders.ExpectContinue = true;
            var response = client.PostAsync(url, content).Result;
            Check(response.StatusCode == HttpStatusCode.OK, response.StatusCode.ToString());
            return response.Content.ReadAsStringAsync().Result;
        }
    }

    static string Ok(string answer) {
        Check(answer.StartsWith("{\"infcode\":0,"), answer);
        return answer;
    }

    static decimal Amount(string answer, string name) {
        return decimal.Parse(Field(answer, name), System.Globalization.CultureInfo.InvariantCulture);
    }

    static string Field(string answer, string name) {
        var match = Regex.Match(answer, "\"" + name + "\":\"([^\"]*)\"");
        Check(match.Success, name + " is not in " + answer);
        return match.Groups[1].Value;
    }

    static void Check(bool isTrue, string otherwise) {
        if (!isTrue) throw new InvalidOperationException(otherwise);
    }
}

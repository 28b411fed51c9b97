/* Help: the whole, of a noun, of a command. All of it is made from the table of commands, from the kinds and from what the options
 * mean, which stands here; no command writes help of its own. */
#include "cli.h"

#include "base/str.h"
#include "party/reporting/report.h"

/* What an option means: for one noun, else for all that take it ("" stands for the verbs of every kind). The value is
 * NULL for a switch. */
static const struct meaning {
    const char *noun, *name;
    struct words value, what;
} meanings[] = {
    {"export", "all", {NULL, NULL}, {"cả những gì đã kết thúc hoặc chưa bắt đầu", "also what has ended or not begun"}},
    {"", "all", {NULL, NULL}, {"cả những gì đã kết thúc hoặc chưa bắt đầu", "also what has ended or not begun"}},
    {"", "at", {"NGÀY", "DAY"}, {"như vào ngày đó, ví dụ 30/06/2025; không ghi là hôm nay", "as on that day, such as 30/06/2025; else today"}},
    {NULL, "at", {"NGÀY", "DAY"}, {"như vào ngày đó, ví dụ 30/06/2025; không ghi là hôm nay", "as on that day, such as 30/06/2025; else today"}},
    {"", "unit", {"MÃ", "CODE"}, {"của đơn vị này và mọi cấp dưới", "of this unit and all below it"}},
    {"", "search", {"CHỮ", "TEXT"}, {"tìm theo từ, có dấu hoặc không dấu", "find by words, with diacritics or without"}},
    {"", "filter", {"TRƯỜNG=GIÁ_TRỊ", "FIELD=VALUE"}, {"chỉ những hồ sơ như vậy; ghi được nhiều lần; TRƯỜNG.from, .to, .has cũng được; trường tên sort ghi sort.is", "only such records; may be repeated; FIELD.from, .to, .has too; sort.is for a field called sort"}},
    {"", "sort", {"TRƯỜNG", "FIELD"}, {"xếp theo trường đó; -TRƯỜNG để xếp ngược", "in the order of that field; -FIELD for the reverse"}},
    {"", "limit", {"SỐ", "N"}, {"nhiều nhất ngần ấy dòng", "at most so many rows"}},
    {NULL, "limit", {"SỐ", "N"}, {"nhiều nhất ngần ấy dòng", "at most so many rows"}},
    {"", "after", {"SỐ", "ID"}, {"xem tiếp từ trang trước", "go on from the page before"}},
    {"", "from", {"NGÀY", "DAY"}, {"từ ngày đó (sự việc)", "from that day (events)"}},
    {"", "to", {"NGÀY", "DAY"}, {"đến hết ngày đó (sự việc)", "until that day (events)"}},
    {"", "alone", {NULL, NULL}, {"chỉ riêng đơn vị, không tính cấp dưới", "only the unit itself, not those below"}},
    {"", "if-version", {"SỐ", "N"}, {"chỉ sửa khi hồ sơ còn ở bản này", "only if the record is still at this version"}},
    {NULL, "dry-run", {NULL, NULL}, {"làm thử: cho xem kết quả, không ghi gì", "show what would happen and save nothing"}},
    {NULL, "quiet", {NULL, NULL}, {"không kể từng bước", "do not tell each step"}},
    {"transfer", "to", {"MÃ", "CODE"}, {"chi bộ nơi đến", "the receiving cell"}},
    {"transfer", "on", {"NGÀY", "DAY"}, {"ngày giới thiệu, hoặc ngày tiếp nhận", "the day of sending, or of receiving"}},
    {"transfer", "paper", {"SỐ", "NUMBER"}, {"số giấy giới thiệu sinh hoạt đảng", "number of the introduction paper"}},
    {"transfer", "decision", {"SỐ", "NUMBER"}, {"số quyết định", "number of the decision"}},
    {"import", "good-rows", {NULL, NULL}, {"nhập các dòng đúng, để lại các dòng lỗi", "take the good rows, leave the wrong ones"}},
    {"import", "keep-duplicates", {NULL, NULL}, {"nhập cả những dòng có thể trùng người đã có", "take rows that may be the same as somebody who is there"}},
    {"import", "unit", {"MÃ", "CODE"}, {"đơn vị của các dòng không ghi đơn vị", "the unit of rows that name none"}},
    {"import", "map", {"\"Cột=trường;…\"", "\"Head=field;...\""}, {"ghép cột với trường khi tên cột lạ; được nhớ cho lần sau", "which head is which field; kept for the next time"}},
    {"import", "encoding", {"BẢNG_MÃ", "ENC"}, {"auto, utf8, utf16le, utf16be, tcvn3, vni, cp1258; không ghi thì tự nhận", "auto, utf8, utf16le, utf16be, tcvn3, vni, cp1258; else found out"}},
    {"import", "sheet", {"SỐ", "N"}, {"trang tính thứ mấy của tệp Excel", "which sheet of an Excel file"}},
    {"import", "errors", {"TỆP", "FILE"}, {"ghi các dòng lỗi ra tệp này (.xlsx, .csv), có cột “Lỗi”", "write the wrong rows to this file (.xlsx, .csv), with a column of errors"}},
    {NULL, "format", {"csv|xlsx|json", "csv|xlsx|json"}, {"định dạng; không ghi thì theo đuôi tệp", "format; else by the end of the file's name"}},
    {NULL, "output", {"TỆP", "FILE"}, {"ghi vào tệp này (cũng viết -o); không ghi thì in ra", "write to this file (also -o); else print"}},
    {"export", "unit", {"MÃ", "CODE"}, {"của đơn vị này và mọi cấp dưới", "of this unit and all below it"}},
    {"export", "search", {"CHỮ", "TEXT"}, {"chỉ những hồ sơ tìm thấy theo từ", "only what is found by words"}},
    {"export", "reason", {"CHỮ", "TEXT"}, {"lý do xuất, ghi vào nhật ký", "why it leaves, for the audit"}},
    {"report", "unit", {"MÃ", "CODE"}, {"đơn vị lập báo cáo", "the unit of the report"}},
    {"report", "period", {"KỲ", "PERIOD"}, {"2018, 2018-Q1, 2018-H1, 2018-9M, 2018-08, 2018-08-05, 2017-01-01..2018-08-05, term:2015-2020",
                                            "2018, 2018-Q1, 2018-H1, 2018-9M, 2018-08, 2018-08-05, 2017-01-01..2018-08-05, term:2015-2020"}},
    {"report", "to", {"html|text|csv|json", "html|text|csv|json"}, {"dạng; không ghi là text", "form; else text"}},
    {"user", "password-file", {"TỆP", "FILE"}, {"mật khẩu ở dòng đầu của tệp; “-” là đọc từ đầu vào", "the password is the first line of the file; “-” reads standard input"}},
    {"user", "person", {"MÃ", "CODE"}, {"hồ sơ của người dùng; quyền theo chức vụ của người đó", "the user's dossier; rights follow from the offices held"}},
    {"user", "name", {"TÊN", "NAME"}, {"tên hiển thị", "the name that is shown"}},
    {"user", "must-change", {NULL, NULL}, {"phải đổi mật khẩu ở lần đăng nhập tới", "the password must be changed at the next sign-in"}},
    {"user", "reason", {"CHỮ", "TEXT"}, {"vì sao, ghi vào nhật ký", "why, for the audit"}},
    {"token", "name", {"TÊN", "NAME"}, {"chương trình nào dùng mã này", "which program uses it"}},
    {"token", "scopes", {"VIỆC,…", "WHAT,..."}, {"được làm gì, không quá quyền của tài khoản: read, write, import, export", "what it may do, within the rights of the account: read, write, import, export"}},
    {"token", "days", {"SỐ", "N"}, {"hết hạn sau ngần ấy ngày; không ghi là 90", "ends after so many days; else 90"}},
    {"serve", "listen", {"MÁY:CỔNG", "HOST:PORT"}, {"địa chỉ và cổng phục vụ, ngoài máy này phải có TLS; không ghi là 127.0.0.1:8080", "address and port to serve on, beyond this machine only with TLS; else 127.0.0.1:8080"}},
    {"serve", "tls-cert", {"TỆP", "FILE"}, {"chứng thư TLS (PEM), cùng --tls-key", "TLS certificate (PEM), with --tls-key"}},
    {"serve", "tls-key", {"TỆP", "FILE"}, {"khóa của chứng thư ấy", "the key of that certificate"}},
    {"serve", "metrics", {"MÁY:CỔNG", "HOST:PORT"}, {"nơi riêng cho số đo và tình trạng máy chủ", "an address of its own for figures and health of the server"}},
    {"serve", "connections", {"SỐ", "N"}, {"nhiều nhất ngần ấy kết nối một lúc, 10 đến 100000; không ghi là 1000", "at most so many connections at a time, 10 to 100000; else 1000"}},
    {"serve", "second-key", {"TỆP", "FILE"}, {"khóa mã hóa xác thực hai bước, chưa có thì tạo; không ghi thì là second.key trong thư mục dữ liệu, hoặc trong PostgreSQL",
                                              "the key that seals second factors, made when there is none; else second.key in the data directory, or in PostgreSQL"}},
    {"tls", "name", {"TÊN,…", "NAME,..."}, {"tên máy và địa chỉ IP mà người dùng gõ", "names and IP addresses that users type"}},
    {"tls", "days", {"SỐ", "N"}, {"chứng thư dùng được ngần ấy ngày, nhiều nhất 825; không ghi là 730", "for how many days the certificate is good, 825 at most; else 730"}},
    {"schema", "apply", {NULL, NULL}, {"thực hiện các thay đổi", "make the changes"}},
    {"attachment", "unit", {"MÃ", "CODE"}, {"đơn vị giữ tệp", "the unit that keeps the file"}},
    {"attachment", "name", {"TÊN", "NAME"}, {"tên khác cho tệp", "another name for the file"}},
    {"attachment", "note", {"CHỮ", "TEXT"}, {"ghi chú", "a note"}},
};

/* Where a noun is shown in the whole; what stands in none is shown last. */
static const struct group {
    struct words title;
    const char *nouns;
} groups[] = {
    {{"Bắt đầu", "To begin"}, " init demo setup serve tls "},
    {{"Sổ: mọi loại hồ sơ", "The register: every kind of record"}, "  "},
    {{"Tổ chức, chuyển sinh hoạt", "Units and transfers"}, " unit transfer "},
    {{"Nhập, xuất, báo cáo", "In, out, reports"}, " import export report attachment rule "},
    {{"Người dùng và quyền", "Users and rights"}, " user token who-can-see "},
    {{"Giữ gìn dữ liệu", "Keeping the data"}, " check audit backup restore schema doctor "},
};

static bool in_group(const struct group *g, const char *noun)
{
    char word[40];
    snprintf(word, sizeof word, " %s ", noun);
    return strstr(g->nouns, word) != NULL;
}

static void usage_line(struct buf *b, const struct command *k, const char *noun)
{
    buf_printf(b, "  dangbo %s%s%s%s%s", noun ? noun : k->noun, k->verb ? " " : "", k->verb ? k->verb : "", *k->usage ? " " : "", k->usage);
}

/* Two columns; a left one that is too wide has a line of its own. */
static void beside(struct buf *o, const char *left, size_t width, const char *right)
{
    size_t n = utf8_width(left);
    buf_puts(o, left);
    if (n >= width) {
        buf_char(o, '\n');
        n = 0;
    }
    buf_fill(o, ' ', width - n);
    buf_printf(o, "  %s\n", right);
}

static void command_line(struct cli *cli, const struct command *k, const char *noun)
{
    struct buf line = {0};
    usage_line(&line, k, noun);
    beside(&cli->out, buf_text(&line), 58, in_words(cli->c, k->what));
    buf_free(&line);
}

static void group_lines(struct cli *cli, const struct group *g)
{
    bool told = false;
    for (size_t i = 0; i < ncommands; i++) {
        bool here = g && in_group(g, commands[i].noun);
        for (size_t j = 0; j < N(groups) && !g && !here; j++)
            here = in_group(&groups[j], commands[i].noun);
        if (g ? !here : here)
            continue;
        if (!told)
            buf_printf(&cli->out, "\n %s:\n", g ? in_words(cli->c, g->title) : say(cli->c, "Lệnh khác", "Other commands"));
        told = true;
        command_line(cli, &commands[i], commands[i].flags & OF_KIND ? say(cli->c, "LOẠI", "KIND") : NULL);
    }
}

static void help_common(struct cli *cli)
{
    buf_puts(&cli->out,
             say(cli->c,
                 "\nTùy chọn chung:\n  --data THƯ_MỤC | --db postgresql://…   nơi giữ dữ liệu (hoặc biến DANGBO_DATA)\n"
                 "  --as TÀI_KHOẢN    làm với quyền của tài khoản đó\n  --json            kết quả dạng JSON\n  --lang vi|en      tiếng Việt hoặc tiếng Anh\n"
                 "  --help            giúp cho từng lệnh: dangbo LỆNH --help\n  --version         các phiên bản\n",
                 "\nCommon options:\n  --data DIR | --db postgresql://...     where the data are (or the variable DANGBO_DATA)\n"
                 "  --as ACCOUNT      act with that account's rights\n  --json            results as JSON\n  --lang vi|en      Vietnamese or English\n"
                 "  --help            help for each command: dangbo COMMAND --help\n  --version         the versions\n"));
}

static void help_all(struct cli *cli)
{
    struct buf *o = &cli->out;
    struct ctx *c = cli->c;
    buf_puts(o, say(c, "dangbo — sổ làm việc của tổ chức đảng\n\nVí dụ:\n", "dangbo — the working record of a Party organisation\n\nExamples:\n"));
    buf_puts(o, "  dangbo demo thu\n  dangbo --data thu unit tree HH --at 05/08/2018\n  dangbo --data thu person list --unit HH --search \"nguyen son\"\n"
                "  dangbo --data thu report members --unit HH --period 2018 --to text\n");
    buf_puts(o, say(c, "\nLệnh:\n", "\nCommands:\n"));
    for (size_t i = 0; i < N(groups); i++)
        group_lines(cli, &groups[i]);
    group_lines(cli, NULL);
    buf_puts(o, say(c, "\nLOẠI là một trong: ", "\nKIND is one of: "));
    for (size_t i = 0; i < nkinds; i++)
        buf_printf(o, "%s%s", i ? ", " : "", kinds[i]->name);
    buf_char(o, '\n');
    help_common(cli);
}

static void kind_lines(struct cli *cli, const struct kind *k)
{
    struct buf *o = &cli->out;
    struct ctx *c = cli->c;
    buf_printf(o, "\n%s (%s) — %s\n", in_words(c, k->label), k->name, say(c, "các trường:", "fields:"));
    for (size_t i = 0; i < k->nfields; i++) {
        const struct field *f = &k->fields[i];
        if (f->flags & (READONLY | SECRET))
            continue;
        char name[64];
        snprintf(name, sizeof name, "%s", f->name);
        for (char *s = name; *s; s++)
            *s = *s == '_' ? '-' : *s;
        buf_printf(o, "  --%-22s %s%s", name, in_words(c, f->label), (f->flags & REQUIRED) ? say(c, " (bắt buộc)", " (required)") : "");
        for (size_t j = 1; j < f->nwords; j++)
            buf_printf(o, "%s%s", j == 1 ? ": " : " | ", f->words[j].word);
        if (f->rule)
            buf_printf(o, ": dangbo rule %s", f->rule);
        if (f->type == TYPE_REF)
            buf_printf(o, " — %s", say(c, "mã của %s", "by code: %s", in_sentence(c, f->to->label)));
        buf_char(o, '\n');
    }
}

static const struct meaning *meaning_of(const struct command *k, const char *name, size_t n)
{
    const struct meaning *found = NULL;
    for (size_t i = 0; i < N(meanings); i++) {
        const struct meaning *m = &meanings[i];
        if (strlen(m->name) != n || strncmp(m->name, name, n) != 0)
            continue;
        if (m->noun && strcmp(m->noun, k->noun) == 0)
            return m;
        if (!m->noun)
            found = m;
    }
    return found;
}

static void option_lines(struct cli *cli, const struct command *k)
{
    struct ctx *c = cli->c;
    const char *s = k->options;
    if (*s)
        buf_puts(&cli->out, say(c, "\nTùy chọn:\n", "\nOptions:\n"));
    while (*s) {
        size_t n = strcspn(s, " "), word = n - (n && s[n - 1] == '!');
        const struct meaning *m = meaning_of(k, s, word);
        const char *value = m ? in_words(c, m->value) : NULL;
        beside(&cli->out, arena_printf(&c->arena, "  --%.*s%s%s", (int)word, s, value ? " " : "", value ? value : ""), 28, m ? in_words(c, m->what) : "");
        s += n + (s[n] == ' ');
    }
}

/* What each change of units takes: the fields alone do not tell it. */
static void change_lines(struct cli *cli)
{
    static const struct {
        struct words usage, what;
    } acts[] = {
        {{"found --into MÃ --new-name TÊN --new-type LOẠI --superior MÃ",
          "found --into CODE --new-name NAME --new-type TYPE --superior CODE"},
         {"lập đơn vị mới", "found a new unit"}},
        {{"merge --units \"A;B\" --into C [--new-name TÊN --new-type LOẠI --superior MÃ]",
          "merge --units \"A;B\" --into C [--new-name NAME --new-type TYPE --superior CODE]"},
         {"hợp nhất A, B thành C; C đã có thì là sáp nhập vào C", "make A and B into C; into C itself when it is there"}},
        {{"split --units A --into \"A1=Tên 1; A2=Tên 2\" [--assign \"MÃ=A1; …\"] [--rest A2]",
          "split --units A --into \"A1=Name 1; A2=Name 2\" [--assign \"CODE=A1; ...\"] [--rest A2]"},
         {"chia A: --assign phân đơn vị cấp dưới, đảng viên theo mã; --rest nhận số còn lại", "split A: --assign gives units and members by code; --rest takes the others"}},
        {{"move --units \"A;B\" --superior MÃ",
          "move --units \"A;B\" --superior CODE"},
         {"chuyển trực thuộc cấp trên khác", "put below another superior"}},
        {{"rename --units A --new-name TÊN",
          "rename --units A --new-name NAME"},
         {"đổi tên", "rename"}},
        {{"reclass --units \"A;B\" [--new-type LOẠI] [--new-level CẤP]",
          "reclass --units \"A;B\" [--new-type TYPE] [--new-level LEVEL]"},
         {"đổi loại hình, nâng hoặc hạ cấp", "change type or level"}},
        {{"close --units A [--into B]",
          "close --units A [--into B]"},
         {"kết thúc hoạt động; B nhận đơn vị cấp dưới và đảng viên", "close; B takes the units and members below"}},
    };
    struct buf *o = &cli->out;
    buf_puts(o, say(cli->c, "\nTừng việc, kèm --number, --decided-on, --effective-on, --decided-by [--file]:\n",
                    "\nEach change, with --number, --decided-on, --effective-on, --decided-by [--file]:\n"));
    for (size_t i = 0; i < N(acts); i++)
        buf_printf(o, "  %s\n      %s\n", in_words(cli->c, acts[i].usage), in_words(cli->c, acts[i].what));
}

static void report_lines(struct cli *cli)
{
    buf_puts(&cli->out, say(cli->c, "\nBáo cáo:\n", "\nReports:\n"));
    const struct report *reports;
    size_t n = report_all(&reports);
    for (size_t i = 0; i < n; i++)
        beside(&cli->out, arena_printf(&cli->c->arena, "  %s", reports[i].name), 18, in_words(cli->c, reports[i].label));
}

/* The example, of the kind that is asked about. */
static const char *example_of(struct cli *cli, const struct command *k)
{
    const char *s = k->example, *other = strstr(s, "person");
    if (!(k->flags & OF_KIND) || !cli->kind || cli->kind == &person_kind || !other || (k->flags & FIELDS_TOO))
        return s;
    const char *rest = other + strlen("person"), *search = kind_searched(cli->kind) ? NULL : strstr(rest, " --search");
    return arena_printf(&cli->c->arena, "%.*s%s%.*s", (int)(other - s), s, cli->kind->name, search ? (int)(search - rest) : (int)strlen(rest), rest);
}

void cli_help_noun(struct cli *cli, const char *noun)
{
    const struct kind *kind = kind_find(noun);
    buf_printf(&cli->out, "%s\n", kind ? in_words(cli->c, kind->plural) : noun);
    buf_puts(&cli->out, say(cli->c, "\nLệnh:\n", "\nCommands:\n"));
    for (size_t i = 0; i < ncommands; i++)
        if (strcmp(commands[i].noun, noun) == 0 || (kind && (commands[i].flags & OF_KIND)))
            command_line(cli, &commands[i], noun);
    if (kind)
        kind_lines(cli, kind);
    buf_printf(&cli->out, "\n%s dangbo %s %s --help\n", say(cli->c, "Ví dụ, xem thêm từng lệnh:", "Example, to see more of each:"), noun, say(cli->c, "LỆNH", "COMMAND"));
}

void cli_help(struct cli *cli, const struct command *k)
{
    if (!k) {
        help_all(cli);
        return;
    }
    struct buf *o = &cli->out;
    struct ctx *c = cli->c;
    buf_printf(o, "%s\n\n%s\n", in_words(c, k->what), say(c, "Ví dụ:", "Example:"));
    buf_printf(o, "  %s\n\n%s\n", example_of(cli, k), say(c, "Cách dùng:", "Usage:"));
    usage_line(o, k, cli->kind ? cli->kind->name : NULL);
    buf_puts(o, "\n");
    if (k->run == run_report)
        report_lines(cli);
    option_lines(cli, k);
    if (k->run == run_change) {
        change_lines(cli);
        kind_lines(cli, &unit_change_kind);
    } else if (cli->kind && (k->flags & FIELDS_TOO)) {
        kind_lines(cli, cli->kind);
    }
    help_common(cli);
}

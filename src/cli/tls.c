/* dangbo tls init: an authority of the office's own and a server certificate signed by it, so that a server in a local network can be
 * reached by TLS without anybody's service. A second run renews the server's certificate and keeps the authority, so that no
 * machine of the office needs to be visited again. */
#include "cli.h"

#include "base/crypt.h"
#include "base/str.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAMES_MOST = 32, DAYS_MOST = 825, DAYS_USUAL = 730, AUTHORITY_DAYS = 3650, DAY_SECONDS = 86400, FILE_MOST = 1 << 20 };

struct tls {
    struct cli *cli;
    const char *dir;
    const char *names[NAMES_MOST];
    size_t n;
    int64_t days;
    bool renewed; /* the authority was there */
    gnutls_x509_privkey_t ca_key, key;
    gnutls_x509_crt_t ca, crt;
};

static bool good(struct tls *t, int code)
{
    if (code < 0)
        fail(t->cli->c, ERR_BROKEN, "Không tạo được chứng thư: %s.", "Cannot make the certificate: %s.", gnutls_strerror(code));
    return !failed(t->cli->c);
}

static const char *path_of(struct tls *t, const char *name)
{
    return arena_printf(&t->cli->c->arena, "%s/%s", t->dir, name);
}

/* --- names ------------------------------------------------------------------------------------------- */

static bool is_address(const char *s, unsigned char out[16], size_t *n)
{
    *n = inet_pton(AF_INET, s, out) == 1 ? 4 : inet_pton(AF_INET6, s, out) == 1 ? 16 : 0;
    return *n > 0;
}

static bool is_host(const char *s)
{
    size_t n = strlen(s);
    for (size_t i = 0; i < n; i++)
        if (!((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= '0' && s[i] <= '9') || ((s[i] == '-' || s[i] == '.') && i && i + 1 < n && s[i - 1] != '.')))
            return false;
    return n > 0 && n <= 253;
}

static void add_name(struct tls *t, const char *s)
{
    unsigned char raw[16];
    size_t size;
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->names[i], s) == 0)
            return;
    if (!is_address(s, raw, &size) && !is_host(s))
        fail(t->cli->c, ERR_USAGE, "“%s” không phải tên máy (chữ thường không dấu, số, - và .) hay địa chỉ IP.",
             "“%s” is neither a host name (small letters, digits, - and .) nor an IP address.", s);
    else if (t->n == NAMES_MOST)
        fail(t->cli->c, ERR_USAGE, "Nhiều nhất %d tên.", "At most %d names.", NAMES_MOST);
    else
        t->names[t->n++] = arena_text(&t->cli->c->arena, s);
}

/* Names of the certificate that is being renewed. False when there is none. */
static bool names_before(struct tls *t, const gnutls_datum_t *pem)
{
    gnutls_x509_crt_t crt;
    if (!pem->data || !good(t, gnutls_x509_crt_init(&crt)))
        return false;
    bool read = gnutls_x509_crt_import(crt, pem, GNUTLS_X509_FMT_PEM) >= 0;
    for (unsigned i = 0; read && i < NAMES_MOST; i++) {
        char name[256] = "", shown[INET6_ADDRSTRLEN];
        size_t size = sizeof name - 1;
        int type = gnutls_x509_crt_get_subject_alt_name(crt, i, name, &size, NULL);
        if (type < 0)
            break;
        if (type == GNUTLS_SAN_DNSNAME)
            add_name(t, arena_copy(&t->cli->c->arena, name, size));
        else if (type == GNUTLS_SAN_IPADDRESS && inet_ntop(size == 4 ? AF_INET : AF_INET6, name, shown, sizeof shown))
            add_name(t, shown);
    }
    gnutls_x509_crt_deinit(crt);
    return t->n > 0;
}

/* This machine: its name, and its addresses in the local network. */
static void names_of_machine(struct tls *t)
{
    char host[254] = "";
    struct ifaddrs *all = NULL;
    if (gethostname(host, sizeof host - 1) == 0) {
        for (char *s = host; *s; s++)
            *s = *s >= 'A' && *s <= 'Z' ? (char)(*s + 32) : *s;
        if (is_host(host))
            add_name(t, host);
        if (is_host(host) && !strchr(host, '.'))
            add_name(t, arena_printf(&t->cli->c->arena, "%s.local", host));
    }
    if (getifaddrs(&all) != 0)
        return;
    for (struct ifaddrs *a = all; a && t->n + 4 < NAMES_MOST; a = a->ifa_next) {
        char shown[INET_ADDRSTRLEN];
        struct sockaddr_in in;
        if (!a->ifa_addr || a->ifa_addr->sa_family != AF_INET || (a->ifa_flags & IFF_LOOPBACK))
            continue;
        memcpy(&in, a->ifa_addr, sizeof in);
        if (inet_ntop(AF_INET, &in.sin_addr, shown, sizeof shown))
            add_name(t, shown);
    }
    freeifaddrs(all);
}

static void take_names(struct tls *t, const gnutls_datum_t *before)
{
    const char *given = cli_option(t->cli, "name");
    for (const char *s = given; s && *s && !failed(t->cli->c);) {
        size_t n = strcspn(s, ", ");
        if (n)
            add_name(t, arena_copy(&t->cli->c->arena, s, n));
        s += n + strspn(s + n, ", ");
    }
    if (!failed(t->cli->c) && !t->n && !names_before(t, before))
        names_of_machine(t);
    if (!failed(t->cli->c)) {
        add_name(t, "localhost");
        add_name(t, "127.0.0.1");
        add_name(t, "::1");
    }
}

/* --- files ------------------------------------------------------------------------------------------- */

/* NULL data when there is no such file. */
static gnutls_datum_t read_file(struct tls *t, const char *name)
{
    gnutls_datum_t d = {0};
    FILE *f = fopen(path_of(t, name), "re");
    if (!f) {
        if (errno != ENOENT)
            fail(t->cli->c, ERR_DENIED, "Không đọc được %s: %s.", "Cannot read %s: %s.", path_of(t, name), strerror(errno));
        return d;
    }
    d.data = arena_alloc(&t->cli->c->arena, FILE_MOST);
    d.size = (unsigned)fread(d.data, 1, FILE_MOST, f);
    fclose(f);
    return d;
}

static void write_pem(struct tls *t, const char *name, const gnutls_datum_t *a, const gnutls_datum_t *b)
{
    struct cli_file file;
    FILE *f = failed(t->cli->c) ? NULL : cli_file_begin(t->cli, path_of(t, name), &file);
    if (!f)
        return;
    fchmod(fileno(f), S_IRUSR | S_IWUSR);
    fwrite(a->data, 1, a->size, f);
    if (b)
        fwrite(b->data, 1, b->size, f);
    cli_file_end(t->cli, &file);
}

/* --- making ------------------------------------------------------------------------------------------ */

static bool make_key(struct tls *t, gnutls_x509_privkey_t *key)
{
    return good(t, gnutls_x509_privkey_init(key)) &&
           good(t, gnutls_x509_privkey_generate(*key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0));
}

static bool begin_certificate(struct tls *t, gnutls_x509_crt_t *crt, gnutls_x509_privkey_t key, const char *name, int64_t days)
{
    unsigned char serial[16], id[20];
    size_t size = sizeof id;
    time_t now = (time_t)(t->cli->c->now.v / 1000);
    crypt_random(serial, sizeof serial);
    serial[0] = (unsigned char)((serial[0] & 0x3F) | 0x40); /* positive, and of full length */
    return good(t, gnutls_x509_crt_init(crt)) && good(t, gnutls_x509_crt_set_version(*crt, 3)) && good(t, gnutls_x509_crt_set_serial(*crt, serial, sizeof serial)) &&
           good(t, gnutls_x509_crt_set_activation_time(*crt, now - 3600)) && /* clocks of an office differ */
           good(t, gnutls_x509_crt_set_expiration_time(*crt, now + (time_t)days * DAY_SECONDS - 3600)) && good(t, gnutls_x509_crt_set_key(*crt, key)) &&
           good(t, gnutls_x509_crt_set_dn_by_oid(*crt, GNUTLS_OID_X520_ORGANIZATION_NAME, 0, "dangbo", 6)) &&
           good(t, gnutls_x509_crt_set_dn_by_oid(*crt, GNUTLS_OID_X520_COMMON_NAME, 0, name, (unsigned)strlen(name))) &&
           good(t, gnutls_x509_crt_get_key_id(*crt, 0, id, &size)) && good(t, gnutls_x509_crt_set_subject_key_id(*crt, id, size));
}

static void make_authority(struct tls *t)
{
    char year[DAY_TEXT];
    const char *name = arena_printf(&t->cli->c->arena, "dangbo %.64s %s", t->names[0], day_iso(t->cli->c->today.v, year));
    if (make_key(t, &t->ca_key) && begin_certificate(t, &t->ca, t->ca_key, name, AUTHORITY_DAYS) && good(t, gnutls_x509_crt_set_basic_constraints(t->ca, 1, 0)) &&
        good(t, gnutls_x509_crt_set_key_usage(t->ca, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN)))
        good(t, gnutls_x509_crt_sign2(t->ca, t->ca, t->ca_key, GNUTLS_DIG_SHA256, 0));
}

/* The authority that is there already: both its files, and belonging together. False when there is none. */
static bool read_authority(struct tls *t)
{
    gnutls_datum_t pem = read_file(t, "ca.pem"), key = read_file(t, "ca.key");
    unsigned char a[32], b[32];
    size_t na = sizeof a, nb = sizeof b;
    if (failed(t->cli->c) || (!pem.data && !key.data))
        return false;
    bool ok = pem.data && key.data && gnutls_x509_crt_init(&t->ca) >= 0 && gnutls_x509_privkey_init(&t->ca_key) >= 0 &&
              gnutls_x509_crt_import(t->ca, &pem, GNUTLS_X509_FMT_PEM) >= 0 && gnutls_x509_privkey_import(t->ca_key, &key, GNUTLS_X509_FMT_PEM) >= 0 &&
              gnutls_x509_crt_get_key_id(t->ca, GNUTLS_KEYID_USE_SHA256, a, &na) >= 0 && gnutls_x509_privkey_get_key_id(t->ca_key, GNUTLS_KEYID_USE_SHA256, b, &nb) >= 0 &&
              na == nb && memcmp(a, b, na) == 0;
    if (!ok)
        fail(t->cli->c, ERR_CONFIG, "%s có ca.pem và ca.key không đi với nhau: khôi phục cả hai từ bản sao, hoặc bỏ cả hai rồi làm lại (khi đó phải cài ca.pem mới ở mọi máy).",
             "ca.pem and ca.key in %s do not belong together: bring both back from a copy, or take both away and try again (then every machine needs the new ca.pem).", t->dir);
    return ok;
}

static void make_server(struct tls *t)
{
    unsigned char id[20], raw[16];
    size_t size = sizeof id, n;
    if (!make_key(t, &t->key) || !begin_certificate(t, &t->crt, t->key, t->names[0], t->days))
        return;
    for (size_t i = 0; i < t->n; i++) {
        bool address = is_address(t->names[i], raw, &n);
        if (!good(t, address ? gnutls_x509_crt_set_subject_alt_name(t->crt, GNUTLS_SAN_IPADDRESS, raw, (unsigned)n, GNUTLS_FSAN_APPEND)
                             : gnutls_x509_crt_set_subject_alt_name(t->crt, GNUTLS_SAN_DNSNAME, t->names[i], (unsigned)strlen(t->names[i]), GNUTLS_FSAN_APPEND)))
            return;
    }
    if (good(t, gnutls_x509_crt_set_basic_constraints(t->crt, 0, -1)) && good(t, gnutls_x509_crt_set_key_usage(t->crt, GNUTLS_KEY_DIGITAL_SIGNATURE)) &&
        good(t, gnutls_x509_crt_set_key_purpose_oid(t->crt, GNUTLS_KP_TLS_WWW_SERVER, 0)) && good(t, gnutls_x509_crt_get_key_id(t->ca, 0, id, &size)) &&
        good(t, gnutls_x509_crt_set_authority_key_id(t->crt, id, size)))
        good(t, gnutls_x509_crt_sign2(t->crt, t->ca, t->ca_key, GNUTLS_DIG_SHA256, 0));
}

static void write_all(struct tls *t)
{
    gnutls_datum_t ca = {0}, ca_key = {0}, crt = {0}, key = {0};
    if (good(t, gnutls_x509_crt_export2(t->ca, GNUTLS_X509_FMT_PEM, &ca)) && good(t, gnutls_x509_privkey_export2(t->ca_key, GNUTLS_X509_FMT_PEM, &ca_key)) &&
        good(t, gnutls_x509_crt_export2(t->crt, GNUTLS_X509_FMT_PEM, &crt)) && good(t, gnutls_x509_privkey_export2(t->key, GNUTLS_X509_FMT_PEM, &key))) {
        if (!t->renewed) {
            write_pem(t, "ca.key", &ca_key, NULL);
            write_pem(t, "ca.pem", &ca, NULL);
        }
        write_pem(t, "server.key", &key, NULL);
        write_pem(t, "server.pem", &crt, &ca);
    }
    if (ca_key.data)
        crypt_wipe(ca_key.data, ca_key.size);
    if (key.data)
        crypt_wipe(key.data, key.size);
    gnutls_datum_t *all[] = {&ca, &ca_key, &crt, &key};
    for (size_t i = 0; i < N(all); i++)
        gnutls_free(all[i]->data);
}

/* --- words ------------------------------------------------------------------------------------------- */

static const char *fingerprint(struct tls *t)
{
    unsigned char raw[32];
    size_t n = sizeof raw;
    struct buf b = {0};
    if (!good(t, gnutls_x509_crt_get_fingerprint(t->ca, GNUTLS_DIG_SHA256, raw, &n)))
        return "";
    for (size_t i = 0; i < n; i++)
        buf_printf(&b, "%s%02X", i ? ":" : "", raw[i]);
    return buf_take(&b, &t->cli->c->arena);
}

static void tell(struct tls *t)
{
    struct cli *cli = t->cli;
    struct json_out j = {.to = &cli->out};
    char until[DAY_TEXT];
    int32_t last = day_add(cli->c->today, (int)t->days).v;
    const char *files[][2] = {{"ca", path_of(t, "ca.pem")}, {"cert", path_of(t, "server.pem")}, {"key", path_of(t, "server.key")}};
    if (cli->json)
        json_begin_object(&j);
    for (size_t i = 0; i < N(files); i++)
        if (cli->json) {
            json_key(&j, files[i][0]);
            json_text(&j, files[i][1]);
        } else {
            buf_printf(&cli->out, "%s\n", files[i][1]);
        }
    if (cli->json) {
        json_key(&j, "fingerprint");
        json_text(&j, fingerprint(t));
        json_key(&j, "until");
        json_text(&j, day_iso(last, until));
        json_key(&j, "names");
        json_begin_array(&j);
        for (size_t i = 0; i < t->n; i++)
            json_text(&j, t->names[i]);
        json_end_array(&j);
        json_end_object(&j);
        buf_char(&cli->out, '\n');
        return;
    }
    cli_note(cli, "Chứng thư của máy chủ có hiệu lực đến %s, cho:", "The server's certificate holds until %s, for:", day_vi(last, until));
    for (size_t i = 0; i < t->n; i++)
        fprintf(stderr, "  https://%s%s%s\n", strchr(t->names[i], ':') ? "[" : "", t->names[i], strchr(t->names[i], ':') ? "]" : "");
    if (t->renewed) {
        cli_note(cli, "Cơ quan chứng thư giữ nguyên: các máy đã cài ca.pem không phải làm gì. Cho máy chủ đọc lại: kill -HUP, hoặc khởi động lại.",
                 "The authority is the same: machines that have ca.pem need nothing. Let the server read it again: kill -HUP, or start it again.");
        return;
    }
    cli_note(cli,
             "Cài ca.pem một lần ở mỗi máy của cơ quan (giữ kín ca.key và server.key, chúng không rời máy chủ):\n"
             "  Windows: đổi tên thành ca.crt, mở tệp, “Install Certificate”, “Local Machine”, đặt vào “Trusted Root Certification Authorities”.\n"
             "  Android: Cài đặt → Bảo mật → Mã hóa và thông tin đăng nhập → Cài đặt chứng chỉ → Chứng chỉ CA.\n"
             "  iPhone: gửi ca.pem vào máy, cài hồ sơ, rồi Cài đặt → Cài đặt chung → Giới thiệu → Cài đặt tin cậy chứng nhận.\n"
             "  Firefox: Cài đặt → Quyền riêng tư & bảo mật → Xem chứng chỉ → Nhà cung cấp → Nhập.\n"
             "Trước khi cài, đối chiếu vân tay SHA-256: %s",
             "Install ca.pem once on each machine of the office (keep ca.key and server.key secret, they do not leave the server):\n"
             "  Windows: rename it to ca.crt, open it, “Install Certificate”, “Local Machine”, into “Trusted Root Certification Authorities”.\n"
             "  Android: Settings → Security → Encryption & credentials → Install a certificate → CA certificate.\n"
             "  iPhone: send ca.pem to it, install the profile, then Settings → General → About → Certificate Trust Settings.\n"
             "  Firefox: Settings → Privacy & Security → View Certificates → Authorities → Import.\n"
             "Before installing, compare the SHA-256 fingerprint: %s",
             fingerprint(t));
}

static bool begin(struct tls *t)
{
    struct ctx *c = t->cli->c;
    const char *data = cli_option(t->cli, "data"), *days = cli_option(t->cli, "days");
    data = data ? data : getenv("DANGBO_DATA");
    if (!data || !*data)
        fail(c, ERR_USAGE, "Thiếu --data: thư mục dữ liệu, nơi đặt thư mục tls.", "--data is missing: the data directory, in which the folder tls is put.");
    if (days && (!int_parse(days, &t->days) || t->days < 1 || t->days > DAYS_MOST))
        fail(c, ERR_USAGE, "--days phải từ 1 đến %d.", "--days must be from 1 to %d.", DAYS_MOST);
    if (failed(c))
        return false;
    t->dir = arena_printf(&c->arena, "%s/tls", data);
    if (mkdir(t->dir, S_IRWXU) != 0 && errno != EEXIST)
        fail(c, ERR_CANNOT_MAKE, "Không tạo được thư mục %s: %s.", "Cannot make the folder %s: %s.", t->dir, strerror(errno));
    return !failed(c);
}

void run_tls_init(struct cli *cli)
{
    struct tls t = {.cli = cli, .days = DAYS_USUAL};
    if (!begin(&t))
        return;
    gnutls_datum_t before = read_file(&t, "server.pem");
    take_names(&t, &before);
    if (!failed(cli->c)) {
        t.renewed = read_authority(&t);
        if (!t.renewed && !failed(cli->c))
            make_authority(&t);
        if (!failed(cli->c))
            make_server(&t);
        if (!failed(cli->c))
            write_all(&t);
        if (!failed(cli->c))
            tell(&t);
    }
    if (t.crt)
        gnutls_x509_crt_deinit(t.crt);
    if (t.ca)
        gnutls_x509_crt_deinit(t.ca);
    if (t.key)
        gnutls_x509_privkey_deinit(t.key);
    if (t.ca_key)
        gnutls_x509_privkey_deinit(t.ca_key);
}

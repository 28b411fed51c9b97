/* dangbo serve: the command line's options made into the web server's. */
#include "serve.h"

#include "cli/cli.h"
#include "base/str.h"
#include "web/web.h"

void run_serve(struct cli *cli)
{
    struct web_options o = {.store = cli->store, .model = cli->c->model, .listen = cli_option(cli, "listen"), .cert = cli_option(cli, "tls-cert"), .key = cli_option(cli, "tls-key"),
                            .metrics = cli_option(cli, "metrics"), .second_key = cli_option(cli, "second-key"), .quiet = cli_switch(cli, "quiet")};
    const char *most = cli_option(cli, "connections");
    int64_t n = 0;
    if (most && (!int_parse(most, &n) || n < 10 || n > 100000))
        fail(cli->c, ERR_USAGE, "--connections phải từ 10 đến 100000.", "--connections must be from 10 to 100000.");
    o.connections = (int)n;
    if (!o.cert != !o.key)
        fail(cli->c, ERR_USAGE, "--tls-cert và --tls-key đi cùng nhau.", "--tls-cert and --tls-key go together.");
    if (!failed(cli->c))
        web_serve(cli->c, &o);
}

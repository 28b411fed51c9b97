/* dangbo serve, which needs the web server and the command line both. */
#ifndef SERVE_H
#define SERVE_H

struct cli;
void run_serve(struct cli *);

#endif

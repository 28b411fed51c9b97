/* Taking out and bringing back. */
#include "world.h"

int main(void)
{
    return t_run("export", NULL, 0);
}

/* x */
#include "region.h"
int main(void) { return 0; }

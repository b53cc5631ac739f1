#include <uv.h>

/* accept4 is a GNU extension that Swift's Glibc module hides; this is its prototype, as in accept4(2). */
int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);

/* Counts fsync and fdatasync of a process tree in the file that FSYNC_COUNT names (8 bytes, native order), and can slow them
 * down by FSYNC_DELAY_US microseconds. Used with LD_PRELOAD: a store that accepts and never syncs is not durable. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static unsigned long *count;
static useconds_t delay;

__attribute__((constructor)) static void prepare(void) {
    real_fsync = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    const char *slow = getenv("FSYNC_DELAY_US");
    delay = slow ? (useconds_t)atoi(slow) : 0;
    const char *name = getenv("FSYNC_COUNT");
    int file = name ? open(name, O_RDWR | O_CREAT, 0600) : -1;
    if (file >= 0 && ftruncate(file, sizeof(unsigned long)) == 0) {
        void *map = mmap(NULL, sizeof(unsigned long), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        count = map == MAP_FAILED ? NULL : map;
    }
    if (file >= 0) {
        close(file);
    }
}

static void counted(void) {
    if (count) {
        __atomic_add_fetch(count, 1, __ATOMIC_RELAXED);
    }
    if (delay) {
        usleep(delay);
    }
}

int fsync(int file) {
    counted();
    return real_fsync(file);
}

int fdatasync(int file) {
    counted();
    return real_fdatasync(file);
}

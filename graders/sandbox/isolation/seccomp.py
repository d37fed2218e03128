"""The system calls that a sandbox may make: an allow-list, as a classic BPF program for seccomp(2).

Any other call fails with ENOSYS, as on an older kernel, so that libraries fall back to what is listed. Not listed are,
among others, calls that mount, trace, or change namespaces, keys, modules or the clock; io_uring (its operations pass
no filter), memfd_create (memory that no limit of a process counts) and execveat; and calls that could pass information
to or from processes outside through the interpreter's files, which all sandboxes share: inotify, and locks by flock.

Some calls are allowed only with certain values of an argument: no new namespaces (clone), no limits of other processes
(prlimit64), no change of one's own memory layout, filters or speculation control (prctl), no queries of locks, no
leases or notifications (fcntl), no address families but AF_UNIX, IP and the kernel's routing tables (socket).

Sources: seccomp(2), the kernel's arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
"""

from __future__ import annotations

import platform
import struct
from collections.abc import Iterable

# name:number on x86-64:number on aarch64 (none if the architecture lacks the call)
_CALLS = """
accept:43:202 accept4:288:242 access:21: alarm:37: arch_prctl:158: bind:49:200 brk:12:214
capget:125:90 chdir:80:49 chmod:90: clock_getres:229:114 clock_gettime:228:113
clock_nanosleep:230:115 clone:56:220 close:3:57 close_range:436:436 connect:42:203
copy_file_range:326:285 creat:85: dup:32:23 dup2:33: dup3:292:24 epoll_create:213:
epoll_create1:291:20 epoll_ctl:233:21 epoll_pwait:281:22 epoll_pwait2:441:441 epoll_wait:232:
eventfd:284: eventfd2:290:19 execve:59:221 exit:60:93 exit_group:231:94 faccessat:269:48
faccessat2:439:439 fadvise64:221:223 fallocate:285:47 fchdir:81:50 fchmod:91:52 fchmodat:268:53
fcntl:72:25 fdatasync:75:83 fork:57: fstat:5:80 fstatfs:138:44 fsync:74:82
ftruncate:77:46 futex:202:98 futimesat:261: get_robust_list:274:100 getcpu:309:168 getcwd:79:17
getdents:78: getdents64:217:61 getegid:108:177 geteuid:107:175 getgid:104:176 getgroups:115:158
getitimer:36:102 getpeername:52:205 getpgid:121:155 getpgrp:111: getpid:39:172 getppid:110:173
getpriority:140:141 getrandom:318:278 getresgid:120:150 getresuid:118:148 getrlimit:97:163
getrusage:98:165 getsid:124:156 getsockname:51:204 getsockopt:55:209 gettid:186:178
gettimeofday:96:169 getuid:102:174 ioctl:16:29 kill:62:129 link:86: linkat:265:37
listen:50:201 lseek:8:62 lstat:6: madvise:28:233 membarrier:324:283 mincore:27:232 mkdir:83:
mkdirat:258:34 mlock:149:228 mmap:9:222 mprotect:10:226 mremap:25:216 msync:26:227
munlock:150:229 munmap:11:215 nanosleep:35:101 newfstatat:262:79 open:2: openat:257:56
openat2:437:437 pause:34: pidfd_open:434:434 pidfd_send_signal:424:424 pipe:22: pipe2:293:59
poll:7: ppoll:271:73 prctl:157:167 pread64:17:67 preadv:295:69 preadv2:327:286 prlimit64:302:261
pselect6:270:72 pwrite64:18:68 pwritev:296:70 pwritev2:328:287 read:0:63 readlink:89:
readlinkat:267:78 readv:19:65 recvfrom:45:207 recvmmsg:299:243 recvmsg:47:212 rename:82:
renameat:264:38 renameat2:316:276 restart_syscall:219:128 rmdir:84: rseq:334:293
rt_sigaction:13:134 rt_sigpending:127:136 rt_sigprocmask:14:135 rt_sigqueueinfo:129:138
rt_sigreturn:15:139 rt_sigsuspend:130:133 rt_sigtimedwait:128:137 sched_get_priority_max:146:125
sched_get_priority_min:147:126 sched_getaffinity:204:123 sched_getparam:143:121
sched_getscheduler:145:120 sched_rr_get_interval:148:127
sched_yield:24:124 select:23: sendfile:40:71
sendmmsg:307:269 sendmsg:46:211 sendto:44:206 set_robust_list:273:99 set_tid_address:218:96
setitimer:38:103 setpgid:109:154 setrlimit:160:164 setsid:112:157
setsockopt:54:208 shutdown:48:210 sigaltstack:131:132 signalfd:282: signalfd4:289:74
socket:41:198 socketpair:53:199 splice:275:76 stat:4: statfs:137:43 statx:332:291 symlink:88:
symlinkat:266:36 sync_file_range:277:84 sysinfo:99:179 tee:276:77 tgkill:234:131 time:201:
timer_create:222:107 timer_delete:226:111 timer_getoverrun:225:109 timer_gettime:224:108
timer_settime:223:110 timerfd_create:283:85 timerfd_gettime:287:87 timerfd_settime:286:86
times:100:153 tkill:200:130 truncate:76:45 umask:95:166 uname:63:160 unlink:87: unlinkat:263:35
utime:132: utimensat:280:88 utimes:235: vfork:58: vmsplice:278:75 wait4:61:260 waitid:247:95
write:1:64 writev:20:66
"""
_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_COLUMN = {"x86_64": 1, "aarch64": 2}
_X32_BIT = 0x40000000
# CLONE_NEWTIME | NEWNS | NEWCGROUP | NEWUTS | NEWIPC | NEWUSER | NEWPID | NEWNET, see clone(2)
_NEW_NAMESPACES = 0x80 | 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
# AF_UNIX, AF_INET, AF_INET6. Others, above all AF_VSOCK, may reach beyond a network namespace.
_FAMILIES = (1, 2, 10)
# Only with the protocol NETLINK_ROUTE, which socket.if_nameindex needs. Others show the whole machine.
_AF_NETLINK, _NETLINK_ROUTE = 16, 0
# The parent's death signal (1, 2), dumpable (3, 4), name (15, 16), capability bounds to read (23), timer slack (29,
# 30), subreaper (36, 37), no new privileges (38, 39): prctl(2). Above all not PR_SET_MM, which lets a process stretch
# its command line in /proc over gigabytes.
_PRCTL = (1, 2, 3, 4, 15, 16, 23, 29, 30, 36, 37, 38, 39)
# F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW, F_DUPFD_CLOEXEC,
# F_SETPIPE_SZ, F_GETPIPE_SZ: fcntl(2). A lock can be set, as databases do, but not queried: sandboxes may only read the
# files that they share, so their locks there don't block each other, as those of flock(2) would.
_FCNTL = (0, 1, 2, 3, 4, 6, 7, 37, 38, 1030, 1031, 1032)

_LOAD, _JEQ, _JGE, _JSET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_ENOSYS, _EPERM, _EINVAL = 0x00050000 | 38, 0x00050000 | 1, 0x00050000 | 22
# Offsets in struct seccomp_data; of an argument, the low half, as the kernel reads an int.
_NUMBER, _ARCH, _FIRST, _SECOND, _THIRD = 0, 4, 16, 24, 32

Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, constant


def calls(machine: str) -> dict[str, int]:
    """Return the allowed calls of an architecture: {name: number}."""
    rows = (entry.split(":") for entry in _CALLS.split())
    return {row[0]: int(row[_COLUMN[machine]]) for row in rows if row[_COLUMN[machine]]}


def _ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return numbers as ranges (first, one past the last)."""
    ranges: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if ranges and ranges[-1][1] == number:
            ranges[-1] = (ranges[-1][0], number + 1)
        else:
            ranges.append((number, number + 1))
    return ranges


def _only(call: int, argument: int, values: tuple[int, ...], refusal: int) -> list[Instruction]:
    """Return the instructions that allow a call with one of these values of an argument, and refuse it otherwise."""
    return [
        (_JEQ, 0, len(values) + 3, call),
        (_LOAD, 0, 0, argument),
        *((_JEQ, len(values) - index, 0, value) for index, value in enumerate(values)),
        (_RETURN, 0, 0, refusal),
        (_RETURN, 0, 0, _ALLOW),
    ]


def instructions(machine: str) -> list[Instruction]:
    """Return the program for an architecture.

    Raises:
        KeyError: the architecture is neither x86_64 nor aarch64.
    """
    allowed = calls(machine)
    clone, fcntl, prctl, prlimit, socket = (
        allowed.pop(name) for name in ("clone", "fcntl", "prctl", "prlimit64", "socket")
    )
    families = len(_FAMILIES)
    program: list[Instruction] = [
        (_LOAD, 0, 0, _ARCH),
        (_JEQ, 1, 0, _AUDIT_ARCH[machine]),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        (_JGE, 0, 1, _X32_BIT),
        (_RETURN, 0, 0, _KILL),
        (_JEQ, 0, 4, clone),
        (_LOAD, 0, 0, _FIRST),
        (_JSET, 0, 1, _NEW_NAMESPACES),
        (_RETURN, 0, 0, _EPERM),
        (_RETURN, 0, 0, _ALLOW),
        # Only one's own limits: those of process 0.
        *_only(prlimit, _FIRST, (0,), _EPERM),
        *_only(prctl, _FIRST, _PRCTL, _EINVAL),
        *_only(fcntl, _SECOND, _FCNTL, _EINVAL),
        (_JEQ, 0, 6 + families, socket),
        (_LOAD, 0, 0, _FIRST),
        *((_JEQ, families + 3 - index, 0, family) for index, family in enumerate(_FAMILIES)),
        (_JEQ, 0, 2, _AF_NETLINK),
        (_LOAD, 0, 0, _THIRD),
        (_JEQ, 1, 0, _NETLINK_ROUTE),
        (_RETURN, 0, 0, _EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]
    for first, end in _ranges(allowed.values()):
        program += [(_JGE, 0, 2, first), (_JGE, 1, 0, end), (_RETURN, 0, 0, _ALLOW)]
    program.append((_RETURN, 0, 0, _ENOSYS))
    return program


def program(machine: str | None = None) -> bytes:
    """Return the program as bytes for ``bwrap --seccomp``, for this machine's architecture by default."""
    return b"".join(struct.pack("HBBI", *each) for each in instructions(machine or platform.machine()))

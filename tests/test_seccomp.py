"""The system call filter, run by an interpreter of the few instructions that it is made of."""

from __future__ import annotations

import struct

import pytest

from graders.sandbox.isolation import seccomp

X86, ARM = "x86_64", "aarch64"
ARCHITECTURES = {X86: 0xC000003E, ARM: 0xC00000B7}
I386, ARM32 = 0x40000003, 0x40000028
ALLOW, KILL, ENOSYS, EPERM = "allow", "kill", "ENOSYS", "EPERM"
_RESULTS = {0x7FFF0000: ALLOW, 0x80000000: KILL, 0x00050026: ENOSYS, 0x00050001: EPERM}

# Numbers from the kernel's tables: syscall_64.tbl and asm-generic/unistd.h.
NUMBERS = {
    "accept4": (288, 242), "bpf": (321, 280), "chroot": (161, 51), "clone": (56, 220), "clone3": (435, 435),
    "execve": (59, 221), "execveat": (322, 281), "exit_group": (231, 94), "fsopen": (430, 430), "futex": (202, 98),
    "getpid": (39, 172), "init_module": (175, 105), "io_uring_enter": (426, 426), "io_uring_setup": (425, 425),
    "kcmp": (312, 272), "keyctl": (250, 219), "kill": (62, 129), "memfd_create": (319, 279), "mmap": (9, 222),
    "mount": (165, 40), "mount_setattr": (442, 442), "move_mount": (429, 429), "open_by_handle_at": (304, 265),
    "openat": (257, 56), "perf_event_open": (298, 241), "personality": (135, 92), "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "ptrace": (101, 117),
    "read": (0, 63), "recvmsg": (47, 212), "seccomp": (317, 277), "setns": (308, 268), "setuid": (105, 146),
    "shmget": (29, 194), "socket": (41, 198), "socketpair": (53, 199), "umount2": (166, 39), "unshare": (272, 97),
    "userfaultfd": (323, 282), "wait4": (61, 260), "write": (1, 64),
}  # fmt: skip
NEEDED = "accept4 execve exit_group futex getpid kill mmap openat read recvmsg socketpair wait4 write".split()
FORBIDDEN = sorted(NUMBERS.keys() - {*NEEDED, "clone", "socket"})
NAMESPACES = (0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)
FORK = 0x01200011  # CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | SIGCHLD, as fork() calls it
THREAD = 0x003D0F00  # as pthread_create() calls it

each_machine = pytest.mark.parametrize("machine", ARCHITECTURES)


def run(machine: str, number: int, *arguments: int, arch: int | None = None) -> str:
    """Return what the program says to a system call."""
    arch = ARCHITECTURES[machine] if arch is None else arch
    padded = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("<IIQ6Q", number, arch, 0, *padded)
    program = list(struct.iter_unpack("HBBI", seccomp.program(machine)))
    accumulator, at = 0, 0
    for _ in range(len(program)):
        code, true, false, constant = program[at]
        at += 1
        if code == 0x20:  # ld [k]
            (accumulator,) = struct.unpack_from("<I", data, constant)
        elif code == 0x15:  # jeq
            at += true if accumulator == constant else false
        elif code == 0x35:  # jge
            at += true if accumulator >= constant else false
        elif code == 0x25:  # jgt
            at += true if accumulator > constant else false
        elif code == 0x45:  # jset
            at += true if accumulator & constant else false
        elif code == 0x05:  # ja
            at += constant
        elif code == 0x06:  # ret
            return _RESULTS.get(constant, hex(constant))
        else:
            raise AssertionError(f"instruction {code:#x} at {at - 1}")
    raise AssertionError("the program did not return")


def number(machine: str, name: str) -> int:
    """Return a call's number."""
    return NUMBERS[name][0 if machine == X86 else 1]


@each_machine
@pytest.mark.parametrize("name", NEEDED)
def test_what_python_needs_is_allowed(machine: str, name: str) -> None:
    """A submission that minds its own business meets no filter."""
    assert run(machine, number(machine, name)) == ALLOW


@each_machine
@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_opens_doors_does_not_exist(machine: str, name: str) -> None:
    """The call fails as on a kernel that does not have it, so that libraries do without."""
    assert run(machine, number(machine, name)) == ENOSYS


@each_machine
@pytest.mark.parametrize("unknown", [463, 500, 1000, 0x3FFFFFFF])
def test_a_call_that_is_not_invented_yet_does_not_exist(machine: str, unknown: int) -> None:
    """The list says what is allowed, so a newer kernel opens nothing."""
    assert run(machine, unknown) == ENOSYS


@each_machine
def test_the_list_is_all_that_is_allowed(machine: str) -> None:
    """Over all numbers, the program allows those of its table and no other."""
    listed = set(seccomp.calls(machine).values())

    assert {each for each in range(600) if run(machine, each, 17, arch=None) == ALLOW} - listed == set()


@each_machine
@pytest.mark.parametrize("foreign", [I386, ARM32, 0, 0xFFFFFFFF])
def test_another_architectures_calls_end_the_process(machine: str, foreign: int) -> None:
    """By other numbers the same kernel would do other things: nothing is looked up in the wrong table."""
    for each in (0, 1, 11, 39, number(machine, "read"), 0x40000000):
        assert run(machine, each, arch=foreign) == KILL


@each_machine
def test_one_architectures_calls_are_foreign_to_the_other(machine: str) -> None:
    """Nor is 64-bit of another kind taken for one's own."""
    (other,) = ARCHITECTURES.keys() - {machine}

    assert run(machine, number(machine, "read"), arch=ARCHITECTURES[other]) == KILL


def test_x32_numbers_end_the_process() -> None:
    """X32 shares x86-64's architecture and has numbers of its own, from a bit upwards."""
    for each in (0, 1, 39, 56, 435, 512, 547):
        assert run(X86, 0x40000000 | each) == KILL
    assert run(X86, 0xFFFFFFFF) == KILL


@each_machine
@pytest.mark.parametrize("flags", [FORK, THREAD, 17, 0x4111])
def test_processes_and_threads_can_be_made(machine: str, flags: int) -> None:
    """Fork, threads and vfork pass."""
    assert run(machine, number(machine, "clone"), flags) == ALLOW


@each_machine
@pytest.mark.parametrize("flag", NAMESPACES)
@pytest.mark.parametrize("other", [17, FORK, THREAD, 0xFFFFFFFF00000000])
def test_no_namespace_can_be_made(machine: str, flag: int, other: int) -> None:
    """Any flag for a new namespace is refused, whatever stands beside it and above it."""
    assert run(machine, number(machine, "clone"), flag | other) == EPERM


@each_machine
@pytest.mark.parametrize("family", [1, 2, 10])
def test_local_and_internet_sockets_can_be_made(machine: str, family: int) -> None:
    """They end at the network namespace."""
    assert run(machine, number(machine, "socket"), family, 1, 0) == ALLOW


@each_machine
@pytest.mark.parametrize("family", [0, 3, 4, 5, 9, 11, 12, 15, 17, 18, 29, 30, 31, 38, 40, 44, 45, 46, 255, 0x7FFFFFFF])
def test_no_other_socket_can_be_made(machine: str, family: int) -> None:
    """Virtual machine sockets, for one, know no network namespace."""
    assert run(machine, number(machine, "socket"), family, 1, 0) == EPERM


@each_machine
@pytest.mark.parametrize(
    ("protocol", "verdict"), [(0, ALLOW), (2, EPERM), (4, EPERM), (9, EPERM), (15, EPERM), (16, EPERM)]
)
def test_netlink_is_for_routes_alone(machine: str, protocol: int, verdict: str) -> None:
    """The names of network interfaces need it; the kernel's other subsystems tell of the whole machine."""
    assert run(machine, number(machine, "socket"), 16, 3, protocol) == verdict


@each_machine
@pytest.mark.parametrize("name", ["prctl", "fcntl"])
def test_only_some_commands_of_a_call_are_allowed(machine: str, name: str) -> None:
    """Not those that stretch a command line, set filters, lock a file that all sandboxes share, or watch a folder."""
    listed, at = seccomp.calls(machine)[name], {"prctl": 0, "fcntl": 1}[name]
    allowed = {
        "prctl": {1, 2, 3, 4, 15, 16, 23, 29, 30, 36, 37, 38, 39},
        "fcntl": {0, 1, 2, 3, 4, 6, 7, 37, 38, 1030, 1031, 1032},
    }[name]

    found = {each for each in [*range(2000), 0x53564D41] if run(machine, listed, *[0] * at, each) == ALLOW}
    assert found == allowed
    assert run(machine, listed, *[0] * at, 5 + 30 * (name == "prctl")) == "0x50016"  # EINVAL


@each_machine
def test_nothing_watches_or_locks_what_sandboxes_share(machine: str) -> None:
    """By inotify a submission would see which modules its neighbours import, by a lock it would tell them something."""
    listed = seccomp.calls(machine)

    assert {name for name in listed if name.startswith(("inotify", "fanotify", "flock"))} == set()


@each_machine
def test_limits_can_be_set_for_oneself_only(machine: str) -> None:
    """By prlimit a process could take the zygote's resources away, and with them the grading of its submission."""
    prlimit = seccomp.calls(machine)["prlimit64"]

    assert run(machine, prlimit, 0) == ALLOW
    assert run(machine, prlimit, 1) != ALLOW
    assert run(machine, prlimit, 4711) != ALLOW


@each_machine
@pytest.mark.parametrize("name", ["setpriority", "sched_setscheduler", "sched_setparam", "sched_setaffinity"])
def test_nobody_elses_scheduling_can_be_set(machine: str, name: str) -> None:
    """These take any process of the same user, the zygote too, and what it is set to its next worker inherits."""
    listed = seccomp.calls(machine)

    assert name not in listed or run(machine, listed[name], 1, 1) != ALLOW


@each_machine
def test_the_program_is_one_that_the_kernel_takes(machine: str) -> None:
    """Jumps stay inside, every path ends, and it is short enough (BPF_MAXINSNS)."""
    program = list(struct.iter_unpack("HBBI", seccomp.program(machine)))

    assert len(program) <= 4096
    assert program[-1][0] == 0x06
    for at, (code, true, false, _) in enumerate(program):
        if code in (0x15, 0x25, 0x35, 0x45):
            assert at + 1 + max(true, false) < len(program)


def test_an_unknown_machine_is_refused() -> None:
    """No filter is better known than a wrong one."""
    with pytest.raises(KeyError):
        seccomp.program("riscv64")

"""An engine for containers that keeps all it has in one directory, and Debian's stand-in for the image that ours begins with."""

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PACKAGES = ("podman", "runc", "debootstrap")
BASE = "docker.io/library/python:3.13-slim"
# The release of Debian whose Python is 3.13, as the base image has it.
RELEASE = "trixie"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


class Engine:
    """podman, as root."""

    def __init__(self, directory: Path) -> None:
        for name in ("storage", "run"):
            (directory / name).mkdir()
        places = ("--root", str(directory / "storage"), "--runroot", str(directory / "run"))
        self._command = ("podman", *places, "--runtime=runc", "--cgroup-manager=cgroupfs")

    def __call__(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Runs one command of podman's; raises with all that it said if it fails and `check` is set."""
        done = subprocess.run([*self._command, *arguments], capture_output=True, text=True, check=False)
        if check and done.returncode:
            raise RuntimeError(f"podman {' '.join(arguments)}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
        return done

    def start(self, name: str, image: str, *options: str, **environment: str) -> None:
        """Starts a container as a careful operator would: nothing of its image can be written, and root's rights are gone."""
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        limits = (f"--ulimit=nofile={files}:{files}", "--ulimit=nproc=1000:1000")
        careful = ("--read-only", "--cap-drop=all", "--security-opt=no-new-privileges")
        settings = [f"--env={key}={value}" for key, value in environment.items()]
        self("run", "--detach", "--pull=never", "--network=host", f"--name={name}", *limits, *careful, *settings, *options, image)

    def stop(self, name: str) -> int:
        """Asks a container to stop; what its first process ended with, 137 if it had to be killed."""
        self("stop", "--time=20", name)
        return int(self("inspect", name, "--format={{.State.ExitCode}}").stdout)

    def log_of(self, name: str) -> str:
        """All that a container has said."""
        done = self("logs", name)
        return done.stdout + done.stderr


@contextmanager
def running_engine(directory: Path) -> Iterator[Engine]:
    """An engine with the base image and nothing else; everything is gone afterwards."""
    _install()
    engine = Engine(directory)
    try:
        _make_base(engine, directory / "base")
        yield engine
    finally:
        engine("rm", "--all", "--force", check=False)
        engine("rmi", "--all", "--force", check=False)


def _install() -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise RuntimeError("This needs root on Debian or Ubuntu. Elsewhere `docker compose up --build` does what it tries.")
    if not all(map(shutil.which, PACKAGES)):
        install = f"apt-get install -qy --no-install-recommends {' '.join(PACKAGES)}"
        subprocess.run(f"apt-get update -q && {install}", shell=True, check=True, stdout=subprocess.DEVNULL)


def _make_base(engine: Engine, root: Path) -> None:
    subprocess.run(
        ["debootstrap", "--variant=minbase", "--include=python3,python3-venv,ca-certificates", RELEASE, str(root)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    (root / "usr/local/bin/python").symlink_to("/usr/bin/python3")
    # What this machine trusts, a company's proxy for instance, has to be trusted in there too.
    with suppress(FileNotFoundError):
        shutil.copy(CERTIFICATES, root / CERTIFICATES.relative_to("/"))
    archive = root.with_suffix(".tar")
    subprocess.run(["tar", "--create", "--file", str(archive), "--directory", str(root), "."], check=True)
    shutil.rmtree(root)
    engine("import", f"--change=ENV NODE_EXTRA_CA_CERTS={CERTIFICATES}", str(archive), BASE)
    archive.unlink()

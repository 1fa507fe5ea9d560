"""The command line: `python -m todo_app serve`, and what else `--help` lists."""

import argparse
import os
from pathlib import Path

from todo_app.config import load_settings_or_exit


def main(arguments: list[str] | None = None) -> None:
    """Runs one command, from the project's directory whatever the caller's is."""
    parser = argparse.ArgumentParser(prog="python -m todo_app")
    commands = parser.add_subparsers(dest="command", required=True)
    serving = commands.add_parser("serve", help="migrate, build if needed, serve pages and API on one port")
    serving.add_argument("--host", default="127.0.0.1", help="the address to listen on; 0.0.0.0 for every one")
    serving.add_argument("--workers", type=int, default=1, help="processes; more than one needs REDIS_URL")
    commands.add_parser("dev", help="hot reload of pages and handlers")
    commands.add_parser("build", help="build the pages if they changed")
    commands.add_parser("migrate", help="bring the database to this release's tables")
    commands.add_parser("deploy", help="put this release on Reflex Cloud")
    backing_up = commands.add_parser("backup", help="copy all data into one file, safe while the app runs")
    backing_up.add_argument("file", type=Path, nargs="?", help="a new one in DATA_DIR/backups unless named")
    restoring = commands.add_parser("restore", help="bring back what a backup holds")
    restoring.add_argument("file", type=Path)
    restoring.add_argument("--overwrite", action="store_true", help="replace what is in the database")
    helping_in = commands.add_parser("reset-link", help="a link to choose a new password with, good once and for an hour")
    helping_in.add_argument("email")
    turning_off = commands.add_parser("turn-off-two-step", help="for somebody who has lost their phone and recovery codes")
    turning_off.add_argument("email")
    given = parser.parse_args(arguments)

    os.chdir(Path(__file__).parent.parent)
    # Each command brings its own modules: what `serve` does without would keep people waiting for the page.
    match given.command:
        case "serve":
            from todo_app.commands.serve import serve

            serve(load_settings_or_exit(), given.host, given.workers)
        case "dev":
            from todo_app.commands.dev import dev

            dev(load_settings_or_exit())
        case "build":
            from todo_app.commands.build import build_if_changed

            build_if_changed(load_settings_or_exit())
        case "backup":
            from todo_app.commands.backup import backup

            backup(load_settings_or_exit(), given.file)
        case "restore":
            from todo_app.commands.restore import restore

            restore(load_settings_or_exit(), given.file, overwrite=given.overwrite)
        case "reset-link":
            from todo_app.commands.letting_in import reset_link

            reset_link(given.email)
        case "turn-off-two-step":
            from todo_app.commands.letting_in import turn_off_two_step

            turn_off_two_step(given.email)
        case "deploy":
            from todo_app.commands.deploy import deploy

            deploy()
        case _:  # argparse lets nothing else through
            from todo_app.commands.migrate import check_and_migrate

            check_and_migrate()


if __name__ == "__main__":
    main()

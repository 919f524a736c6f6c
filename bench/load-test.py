#!/usr/bin/env python3
"""How many requests a second certiflip serve answers, and how soon, on the digits that ship with the project.

    bench/load-test.py [--seconds N] [--connections N] [--rows LIST] [--command FILE]

Starts the service on a loopback port, asks it with wrk from the same machine, so that both share its processors, and stops it. Each run certifies rows of the
test data with every certificate; the last also asks for witnesses. Half a minute by default. Needs python3, wrk and the .NET SDK, or the native
command as --command.
"""
import argparse, csv, json, re, shutil, subprocess, sys, tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CERTIFLIP = ["dotnet", ROOT / "src/CertiFlip.Cli/bin/Release/net10.0/CertiFlip.Cli.dll"]
SCRIPT = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = [=[{body}]=]
done = function(summary, latency)
  io.write(string.format("%.0f %.2f %.2f %.2f %d %d\\n", summary.requests / summary.duration * 1e6, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, latency.max / 1e3, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
"""


def certiflip(*arguments):
    subprocess.run([*CERTIFLIP, *arguments], check=True, stdout=subprocess.DEVNULL)


def serve(folder, *options):
    """The service and its address, once it listens."""
    process = subprocess.Popen([*CERTIFLIP, "serve", "--model", folder / "digits.model", "--port", "0", *options],
                               stderr=open(folder / "log", "w"))
    while process.poll() is None:
        if address := re.search(r"http://127\.0\.0\.1:\d+", (folder / "log").read_text()):
            return process, address[0]
        try:
            process.wait(0.1)
        except subprocess.TimeoutExpired:
            pass
    sys.exit((folder / "log").read_text())


def load(folder, address, body, seconds, connections):
    """Requests a second; median, 99th percentile and longest time in ms; answers that were errors; connections that failed."""
    (folder / "post.lua").write_text(SCRIPT.replace("{body}", body))
    output = subprocess.run(["wrk", f"-d{seconds}s", f"-c{connections}", "-t1", "--latency", "-s", folder / "post.lua", f"{address}/v1/certify"],
                            check=True, stdout=subprocess.PIPE, text=True).stdout
    return output.splitlines()[-1].split()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=6, help="of each run [default: 6]")
    parser.add_argument("--connections", type=int, default=8, help="that ask at a time [default: 8]")
    parser.add_argument("--rows", default="1,10,100", help="rows of a request, a run for each [default: 1,10,100]")
    parser.add_argument("--command", help="the command to start, if not the one built from here")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing: apt-get install wrk")
    if options.command:
        CERTIFLIP[:] = [options.command]
    else:
        subprocess.run(["dotnet", "build", "-c", "Release", "--nologo", "-v", "quiet", ROOT / "src/CertiFlip.Cli"], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        certiflip("demo", "--save", folder / "digits", "--report", folder / "demo.html")
        certiflip("train", "--train", folder / "digits/train.csv", "--out", folder / "digits.model", "--quiet")
        with open(folder / "digits/test.csv", newline="") as file:
            test = [[float(value) for column, value in row.items() if column != "label"] for row in csv.DictReader(file)]
        process, address = serve(folder)
        try:
            counts = [int(count) for count in options.rows.split(",")]
            runs = [(count, False) for count in counts] + [(counts[-1], True)]
            load(folder, address, json.dumps({"rows": test[:10]}), 2, options.connections)  # Compiles what the runs use.
            print("rows  witness  requests/s   rows/s   median ms    99 % ms     max ms  errors")
            for rows, witness in runs:
                body = json.dumps({"rows": test[:rows], "witness": witness})
                rate, median, most, longest, status, failed = load(folder, address, body, options.seconds, options.connections)
                print(f"{rows:>4}  {'yes' if witness else 'no':>7}  {rate:>10}  {int(rate) * rows:>7}  {median:>10}  {most:>9}  {longest:>9}  {int(status) + int(failed):>6}", flush=True)
        finally:
            process.terminate()
            process.wait(20)
        print(f"The service stopped with exit code {process.returncode}.")


if __name__ == "__main__":
    main()

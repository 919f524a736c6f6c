using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.Versioning;
using CertiFlip.Data.Tests.Support;

namespace CertiFlip.Data.Tests.Output;

public sealed class OutputFilesTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Committed_files_appear_whole_and_replace_what_was_there()
    {
        string old = _folder.Write("a.csv", "old and longer than the new");
        using (OutputFiles outputs = new())
        {
            Write(outputs, old, "new");
            Write(outputs, _folder["b.html"], "ä");
            outputs.Commit();
        }
        Assert.Equal("new\n", File.ReadAllText(old));
        Assert.Equal([0xC3, 0xA4, (byte)'\n'], File.ReadAllBytes(_folder["b.html"]));
        Assert.Equal(["a.csv", "b.html"], _folder.Names);
    }

    [Fact]
    public void Before_the_commit_nothing_has_changed()
    {
        string old = _folder.Write("a.csv", "old");
        using OutputFiles outputs = new();
        Write(outputs, old, "new");
        Assert.Equal("old", File.ReadAllText(old));
    }

    [Fact]
    public void A_run_that_fails_leaves_everything_as_it_was()
    {
        string old = _folder.Write("a.csv", "old");
        Assert.Throws<InvalidOperationException>(() =>
        {
            using OutputFiles outputs = new();
            Write(outputs, old, "new");
            outputs.Add(_folder["b.html"]);
            outputs.Write(_folder["b.html"], writer =>
            {
                writer.Write("half");
                throw new InvalidOperationException();
            });
        });
        Assert.Equal("old", File.ReadAllText(old));
        Assert.Equal(["a.csv"], _folder.Names);
    }

    [Fact]
    public void An_announced_file_that_was_not_written_stops_the_commit_of_all()
    {
        using OutputFiles outputs = new();
        Write(outputs, _folder["a.csv"], "new");
        outputs.Add(_folder["b.html"]);
        Assert.Throws<InvalidOperationException>(outputs.Commit);
        outputs.Dispose();
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void A_file_must_be_announced_before_it_is_written()
    {
        using OutputFiles outputs = new();
        Assert.Throws<ArgumentException>(() => outputs.Write(_folder["a.csv"], _ => { }));
    }

    [Fact]
    public void A_missing_directory_is_refused() =>
        RefusedTarget(Path.Combine(_folder["none"], "a.csv"), "does not exist");

    [Fact]
    public void A_file_in_place_of_the_directory_is_refused() =>
        RefusedTarget(Path.Combine(_folder.Write("file", ""), "a.csv"), "does not exist");

    [Fact]
    public void A_directory_is_refused()
    {
        RefusedTarget(_folder.Path, "directory");
        RefusedTarget(_folder["new"] + Path.DirectorySeparatorChar, "directory");
        RefusedTarget("", "not the name of a file");
    }

    [Fact]
    public void A_device_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs /dev.");
        RefusedTarget("/dev/full", "device");
        RefusedTarget("/dev/stdout", "device");
        File.CreateSymbolicLink(_folder["link.csv"], "/dev/zero");
        RefusedTarget(_folder["link.csv"], "device");
    }

    [Fact]
    public void The_null_device_takes_any_number_of_outputs_and_stays_what_it_is()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs /dev.");
        using OutputFiles outputs = new();
        Write(outputs, "/dev/null", "first");
        Write(outputs, "/dev/null", "second");
        outputs.Commit();
        Assert.Equal('\0', File.OpenRead("/dev/null").ReadByte() < 0 ? '\0' : '?');
    }

    [Fact]
    public async Task A_pipe_and_a_socket_are_refused_without_waiting_for_somebody_at_their_other_end()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs named pipes in folders.");
        using (Process make = Process.Start("mkfifo", [_folder["pipe.csv"]]))
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        RefusedTarget(_folder["pipe.csv"], "named pipe");
        File.CreateSymbolicLink(_folder["link.csv"], "pipe.csv");
        RefusedTarget(_folder["link.csv"], "named pipe");
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_folder["socket"]));
        RefusedTarget(_folder["socket"], "socket");
    }

    [Fact]
    public void A_dash_is_standard_output_where_there_is_one_and_a_file_elsewhere()
    {
        using MemoryStream standard = new();
        using (OutputFiles outputs = new() { StandardOutput = standard })
        {
            Write(outputs, "-", "line");
            Refusal.Of(() => outputs.Add("-"), "two outputs");
            Refusal.Of(() => outputs.Add("/dev/stdout"), "two outputs");
            outputs.Commit();
        }
        Assert.Equal("line\n"u8, standard.ToArray());
        using OutputFiles files = new();
        files.Add(Path.Combine(_folder.Path, "-"));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_link_in_a_directory_that_everybody_may_write_in_is_not_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights.");
        string victim = _folder.Write("victim", "precious");
        DirectoryInfo open = Directory.CreateDirectory(_folder["open"]);
        open.UnixFileMode = (UnixFileMode)0x3FF;
        File.CreateSymbolicLink(Path.Combine(open.FullName, "a.csv"), victim);
        Directory.CreateSymbolicLink(Path.Combine(open.FullName, "sub"), _folder.Path);
        RefusedTarget(Path.Combine(open.FullName, "a.csv"), "everybody may write");
        RefusedTarget(Path.Combine(open.FullName, "sub", "b.csv"), "everybody may write");
        Assert.Equal("precious", File.ReadAllText(victim));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Who_takes_the_name_of_the_temporary_file_gets_nothing_written_to_a_file_of_theirs()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights.");
        string victim = _folder.Write("victim", "precious");
        using OutputFiles outputs = new();
        outputs.Add(_folder["a.csv"]);
        string temporary = Assert.Single(Directory.GetFiles(_folder.Path, ".certiflip-*"));
        File.Delete(temporary);
        File.CreateSymbolicLink(temporary, victim);
        outputs.Write(_folder["a.csv"], writer => writer.Write("secret"));
        outputs.Commit();
        Assert.Equal("precious", File.ReadAllText(victim));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Nobody_may_read_more_of_the_temporary_file_than_of_the_one_it_replaces()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs modes.");
        string target = _folder.Write("a.csv", "old");
        foreach (UnixFileMode mode in (UnixFileMode[])[UnixFileMode.UserRead | UnixFileMode.UserWrite, (UnixFileMode)0x1B6])
        {
            File.SetUnixFileMode(target, mode);
            using OutputFiles outputs = new();
            outputs.Add(target);
            Assert.Equal(mode, File.GetUnixFileMode(Assert.Single(Directory.GetFiles(_folder.Path, ".certiflip-*"))));
        }
    }

    [Fact]
    public void What_killed_runs_left_is_removed_unless_somebody_holds_it_or_it_is_something_else()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights.");
        string victim = _folder.Write("victim", "precious");
        _folder.Write(".certiflip-abcdefgh.ijk", "left over");
        File.CreateSymbolicLink(_folder[".certiflip-link"], victim);
        using OutputFiles other = new();
        Write(other, _folder["other.csv"], "of a run that goes on");
        using (OutputFiles outputs = new())
        {
            Write(outputs, _folder["a.csv"], "new");
            outputs.Commit();
        }
        Assert.False(File.Exists(_folder[".certiflip-abcdefgh.ijk"]));
        other.Commit();
        Assert.Equal([".certiflip-link", "a.csv", "other.csv", "victim"], _folder.Names);
        Assert.Equal("precious", File.ReadAllText(victim));
    }

    [Fact]
    public void A_read_only_file_is_refused()
    {
        string path = _folder.Write("a.csv", "old");
        File.SetAttributes(path, FileAttributes.ReadOnly);
        RefusedTarget(path, "read-only");
        File.SetAttributes(path, FileAttributes.Normal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_directory_that_may_not_be_written_in_is_refused_at_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "Permissions do not stop this user.");
        DirectoryInfo closed = Directory.CreateDirectory(_folder["closed"]);
        closed.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserExecute;
        RefusedTarget(Path.Combine(closed.FullName, "a.csv"), "cannot be written");
    }

    [Fact]
    public void An_input_is_refused_however_it_is_spelled()
    {
        string input = _folder.Write("train.csv", "a\n1\n");
        Directory.CreateDirectory(_folder["sub"]);
        using OutputFiles outputs = new(input);
        Refusal.Of(() => outputs.Add(input), "read as data");
        Refusal.Of(() => outputs.Add(Path.Combine(_folder["sub"], "..", "train.csv")), "read as data");
        Refusal.Of(() => outputs.Add(Path.GetRelativePath(Environment.CurrentDirectory, input)), "read as data");
    }

    [Fact]
    public void An_input_is_refused_through_links_to_it_or_to_its_directory()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights.");
        string input = _folder.Write("train.csv", "a\n1\n");
        File.CreateSymbolicLink(_folder["link.csv"], "train.csv");
        Directory.CreateSymbolicLink(_folder["here"], _folder.Path);
        using OutputFiles outputs = new(_folder["link.csv"]);
        Refusal.Of(() => outputs.Add(input), "read as data");
        Refusal.Of(() => outputs.Add(_folder["link.csv"]), "read as data");
        Refusal.Of(() => outputs.Add(Path.Combine(_folder["here"], "train.csv")), "read as data");
    }

    [Fact]
    public void Two_outputs_to_one_file_are_refused()
    {
        using OutputFiles outputs = new();
        outputs.Add(_folder["a.csv"]);
        Refusal.Of(() => outputs.Add(Path.Combine(_folder.Path, ".", "a.csv")), "two outputs");
    }

    [Fact]
    public void Links_that_lead_round_in_a_circle_are_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights.");
        File.CreateSymbolicLink(_folder["a"], "b");
        File.CreateSymbolicLink(_folder["b"], "a");
        RefusedTarget(_folder["a"], "symbolic links");
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_link_stays_a_link_and_its_target_is_replaced_keeping_its_permissions()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights.");
        string target = _folder.Write("real.csv", "old");
        File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(_folder["link.csv"], "real.csv");
        using (OutputFiles outputs = new())
        {
            Write(outputs, _folder["link.csv"], "new");
            outputs.Commit();
        }
        Assert.Equal("real.csv", new FileInfo(_folder["link.csv"]).LinkTarget);
        Assert.Equal("new\n", File.ReadAllText(target));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(target));
    }

    [Fact]
    public void A_disk_that_fails_while_writing_is_a_refusal()
    {
        using OutputFiles outputs = new();
        outputs.Add(_folder["a.csv"]);
        Refusal.Of(() => outputs.Write(_folder["a.csv"], _ => throw new IOException("No space left")), "a.csv", "No space left");
    }

    private static void Write(OutputFiles outputs, string path, string line)
    {
        outputs.Add(path);
        outputs.Write(path, writer => writer.WriteLine(line));
    }

    private void RefusedTarget(string path, string words)
    {
        string[] before = _folder.Names;
        using OutputFiles outputs = new();
        Refusal.Of(() => outputs.Add(path), path, words);
        Assert.Equal(before, _folder.Names);
    }
}

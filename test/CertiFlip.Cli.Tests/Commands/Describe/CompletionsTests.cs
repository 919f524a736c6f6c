using System.Diagnostics;
using System.Text.RegularExpressions;
using CertiFlip.Cli.Options;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Describe;

/// <summary>The scripts of completion, in the shells themselves.</summary>
public sealed class CompletionsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public CompletionsTests()
    {
        _folder.Write("rows.csv", "a,label\n");
        Directory.CreateDirectory(_folder["rows.d"]);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Lines with what must be offered, and something that must not be.</summary>
    public static TheoryData<string, string, string> Lines => new()
    {
        { "certiflip cer", "certify", "train" },
        { "certiflip features f", "fit", "apply" },
        { "certiflip certify --hol", "--holdout", "--head" },
        { "certiflip audit --sar", "--sarif", "--samples" },
        { "certiflip certify --method p", "partition", "smoothing" },
        { "certiflip certify --method=p", "partition", "smoothing" },
        { "certiflip certify --certificates kl,ex", "kl,exact", "exact,kl" },
        { "certiflip reproduce mnist10", "mnist10", "bounds" },
        { "certiflip completions z", "zsh", "bash" },
        { "certiflip schema certify-r", "certify-regression", "certify" },
        { "certiflip check --accept shared-", "shared-rows", "label-copy" },
        { "certiflip certify --train rows.c", "rows.csv", "train" },
        { "certiflip certify --label train --he", "--head", "fit" },
        { "certiflip rows.c", "rows.csv", "train" },
        { "certiflip demo --save row", "rows.d", "rows.csv" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Bash_completes_a_line(string line, string offered, string other)
    {
        string script = await Script("bash");
        string[] words = Run("bash", $"""
            source '{script}'
            COMP_LINE='{line}'; COMP_POINT=${"{#COMP_LINE}"}
            _certiflip
            printf '%s\n' "${"{COMPREPLY[@]}"}"
            """);
        Assert.Contains(offered, words);
        Assert.DoesNotContain(other, words);
    }

    [Fact]
    public async Task Bash_completes_what_stands_after_a_colon()
    {
        string script = await Script("bash");
        Assert.Equal(["1"], Run("bash", $"""
            source '{script}'
            COMP_LINE='certiflip certify --ridge relative:'; COMP_POINT=${"{#COMP_LINE}"}
            _certiflip
            printf '%s\n' "${"{COMPREPLY[@]}"}"
            """).Where(word => word.Length > 0));
    }

    /// <summary>A name is a name, also where a shell would take it for a pattern; and the shell is as it was.</summary>
    [Theory]
    [InlineData("certiflip certify --train data", "data[1].csv", "on")]
    [InlineData("certiflip certify --train data", "data[1].csv", "off")]
    [InlineData("certiflip certify --train q", "q*", "on")]
    public async Task Bash_expands_no_pattern(string line, string offered, string globbing)
    {
        _folder.Write("data[1].csv", "");
        _folder.Write("data1.csv", "");
        _folder.Write("q*", "");
        _folder.Write("quite", "");
        string script = await Script("bash");
        string[] words = Run("bash", $"""
            set {(globbing == "on" ? "+f" : "-f")}
            source '{script}'
            COMP_LINE='{line}'; COMP_POINT=${"{#COMP_LINE}"}
            _certiflip
            printf '%s\n' "${"{COMPREPLY[@]}"}"
            [[ $- == *f* ]] && echo globbing off || echo globbing on
            """);
        Assert.Contains(offered, words);
        Assert.Equal(words.Length, words.Distinct().Count());
        Assert.Equal($"globbing {globbing}", words[^1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task Bash_completes_a_line_that_is_empty(string line)
    {
        string script = await Script("bash");
        string[] words = Run("bash", $"""
            exec 2>&1
            set -u
            source '{script}'
            COMP_LINE='{line}'; COMP_POINT=${"{#COMP_LINE}"}
            _certiflip
            printf '%s\n' "${"{COMPREPLY[@]}"}"
            """);
        Assert.Contains("certify", words);
        Assert.DoesNotContain(words, word => word.Contains("subscript", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Fish_completes_a_line(string line, string offered, string other)
    {
        string script = await Script("fish");
        string[] words =
        [
            .. Run("fish", $"source '{script}'; complete -C '{line}'").Select(word => word.Split('\t')[0].TrimEnd('/'))
                .Select(word => line.Contains('=', StringComparison.Ordinal) ? word.Split('=')[^1] : word),
        ];
        Assert.Contains(offered, words);
        Assert.DoesNotContain(other, words);
    }

    /// <summary>In a terminal of zsh's own, in which the lines are typed.</summary>
    [Fact]
    public async Task Zsh_completes_lines()
    {
        string script = await Script("zsh");
        (string Line, string Offered)[] lines = [.. Lines.Select(row => (row.Data.Item1, row.Data.Item2))];
        string[] shown = [];

        // zsh shows no list while more keys wait: on a busy machine the next line is typed later.
        foreach (string pause in (string[])["0", "0.2", "1"])
        {
            shown = Typed(script, lines.Select(line => line.Line), pause);
            if (lines.Zip(shown).All(pair => pair.Second.Contains(pair.First.Offered, StringComparison.Ordinal)))
                break;
        }

        Assert.Equal(lines.Length, shown.Length);
        Assert.All(lines.Zip(shown), pair => Assert.Contains(pair.First.Offered, pair.Second, StringComparison.Ordinal));
    }

    /// <summary>What zsh shows of lines that are typed, each with a tab at its end.</summary>
    private string[] Typed(string script, IEnumerable<string> lines, string pause)
    {
        string typed = string.Join(
            '\n',
            Run("zsh", $$"""
                zmodload zsh/zpty
                zpty -b shell zsh -f -i
                zpty -w shell 'PS1= PROMPT_EOL_MARK=; COLUMNS=200; autoload -Uz compinit && compinit -u -D; source {{script}}'
                zpty -w shell 'bindkey "^I" complete-word; zstyle ":completion:*" list-separator "#"'
                zpty -n -w shell $'print "<ne""xt>"\n'
                zpty -r -m shell piece '*<next>*'
                for line in {{string.Join(' ', lines.Select(line => $"'{line}'"))}}; do
                  zpty -n -w shell "$line"$'\t'
                  sleep {{pause}}
                  zpty -n -w shell $'\x15print "<ne""xt>"\n'
                  zpty -r -m shell piece '*<next>*'
                  print -r -- "@@$piece"
                done
                zpty -d shell
                """));
        typed = typed.Replace("\a", "", StringComparison.Ordinal);
        return Regex.Replace(typed, "\u001b\\[[0-9;?]*[A-Za-z]|[\r\b]", " ").Split("@@")[1..];
    }

    [Fact]
    public async Task Zsh_understands_the_script()
    {
        Assert.Empty(Run("zsh", $"zsh -n '{await Script("zsh")}'"));
    }

    /// <summary>The scripts are made of the commands as they are: nothing that has a name can be missing.</summary>
    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task A_script_has_every_command_and_option(string shell)
    {
        string script = (await Invocation.Of("completions", shell)).Output;
        foreach (CommandNode node in CommandNode.All(CertiFlipCommand.Whole()))
        {
            Assert.Contains(shell == "zsh" ? node.Name.Replace(' ', '_') : node.Name, script, StringComparison.Ordinal);
            foreach (string name in node.Options.Select(option => option.Name))
                Assert.Contains(shell == "fish" ? $"-l {name[2..]} " : name, script, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_unknown_shell_is_refused()
    {
        Invocation run = await Invocation.Of("completions", "tcsh");
        Assert.Equal(2, run.ExitCode);
        Assert.Equal("certiflip: completions 'tcsh': expected bash, zsh or fish.\n", run.Error);
    }

    private async Task<string> Script(string shell) =>
        _folder.Write($"completion.{shell}", (await Invocation.Of("completions", shell)).Output);

    /// <summary>What a shell prints, line by line; the test skips where there is no such shell.</summary>
    private string[] Run(string shell, string script)
    {
        Assert.SkipUnless(
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
                .Any(folder => File.Exists(Path.Combine(folder, shell))),
            $"{shell} is not installed.");
        var start = new ProcessStartInfo(shell, [shell == "bash" ? "--norc" : shell == "zsh" ? "-f" : "--no-config", "-c", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = _folder[""],
        };
        start.Environment["TERM"] = "dumb";
        start.Environment["HOME"] = _folder[""];
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.DoesNotContain("rror", error.Result, StringComparison.Ordinal);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

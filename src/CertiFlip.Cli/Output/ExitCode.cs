namespace CertiFlip.Cli.Output;

/// <summary>What the command tells its caller. Scripts depend on these numbers.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>
    /// Bad data or a failure: one line on standard error says which, and no output file was touched. Also where
    /// standard output or standard error lost something; then files are written.
    /// </summary>
    public const int Failure = 1;

    /// <summary>The command line itself is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Done, but a condition of <c>--require</c> is not met.</summary>
    public const int ConditionNotMet = 3;

    /// <summary>
    /// Of a plan: something that others are to make is not there yet, or the inputs are not. The same may succeed later
    /// (EX_TEMPFAIL of sysexits.h).
    /// </summary>
    public const int NotYet = 75;

    /// <summary>All of them, as the help, the manual and docs/command.md list them.</summary>
    public static IReadOnlyList<(string Code, string Meaning)> All { get; } =
    [
        ($"{Done}", "Done."),
        ($"{Failure}", "Bad data or a failure: a line on standard error says what, where, and what was expected. Also if check or --strict "
            + "refuses the data, and if standard output or standard error could not be written."),
        ($"{Usage}", "Wrong usage: of the command line, or of certiflip.json."),
        ($"{ConditionNotMet}", "Done, but a condition of --require is not met."),
        ($"{NotYet}", "Of shard and merge: files that they need are not there yet; the same command may succeed later."),
        ("129, 130, 143", "Ended by SIGHUP, by SIGINT (Ctrl-C) or by SIGTERM."),
    ];

    /// <summary>The line at the end of the help.</summary>
    public const string InBrief = "Exit codes: 0 done, 1 bad data or a failure, 2 wrong usage, 3 a condition of --require not met.";
}

/// <summary>The environment variables that the command reads.</summary>
internal static class CommandEnvironment
{
    public static IReadOnlyList<(string Name, string Meaning)> All { get; } =
    [
        ("NO_COLOR", "If it is set and not empty, nothing is coloured, whatever else is set."),
        ("CLICOLOR_FORCE, FORCE_COLOR", "If one is set and neither empty nor 0, output is coloured also where it is no terminal."),
        ("CLICOLOR", "If it is 0, nothing is coloured."),
        ("TERM", "If it is dumb, the terminal is taken for one without colours and progress bars."),
        ("CERTIFLIP_TOKEN", "The token that clients of serve must send if there is no --token-file."),
        ("CERTIFLIP_KERNEL", "scalar, vector128, vector256 or vector512: the width of the vector kernels. The default is the fastest that "
            + "the processor has."),
    ];
}

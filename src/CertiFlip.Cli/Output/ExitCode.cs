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
}

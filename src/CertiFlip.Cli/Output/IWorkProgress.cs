namespace CertiFlip.Cli.Output;

/// <summary>How work says where it is.</summary>
internal interface IWorkProgress
{
    /// <summary>Says what is being done now.</summary>
    void Report(string stage);

    /// <summary>
    /// Says what is being done now, piece by piece; the result is told how many more of the <paramref name="count"/>
    /// pieces are done, from any thread.
    /// </summary>
    IProgress<int> ReportCount(string stage, int count, string what);
}

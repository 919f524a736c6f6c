namespace CertiFlip.Cli.Progress;

/// <summary>How work says where it is.</summary>
internal interface IWorkProgress
{
    /// <summary>Says what is being done now.</summary>
    void Report(string stage);

    /// <summary>Says what is being done now, row by row; the result is told how many more rows are done, from any thread.</summary>
    IProgress<int> ReportRows(string stage, int rows);
}

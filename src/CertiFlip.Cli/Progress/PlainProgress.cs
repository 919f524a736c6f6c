namespace CertiFlip.Cli.Progress;

/// <summary>A line a stage, and one for every quarter of the rows: what a log file can keep.</summary>
internal sealed class PlainProgress(TextWriter writer) : IWorkProgress
{
    public void Report(string stage) => writer.WriteLine(stage);

    public IProgress<int> ReportRows(string stage, int rows)
    {
        Report($"{stage} {rows:N0} rows");
        return new Rows(writer, stage, rows);
    }

    private sealed class Rows(TextWriter writer, string stage, int total) : IProgress<int>
    {
        private const int Quarters = 4;
        private readonly Lock _lock = new();
        private long _done;

        public void Report(int value)
        {
            lock (_lock)
            {
                long before = _done * Quarters / total;
                _done += value;
                if (_done * Quarters / total > before)
                    writer.WriteLine($"{stage} {_done:N0} of {total:N0} rows");
            }
        }
    }
}

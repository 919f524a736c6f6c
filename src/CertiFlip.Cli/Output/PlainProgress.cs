namespace CertiFlip.Cli.Output;

/// <summary>A line a stage, and one for every quarter of the work: what a log file can keep.</summary>
internal sealed class PlainProgress(TextWriter writer) : IWorkProgress
{
    public void Report(string stage) => writer.WriteLine(stage);

    public IProgress<int> ReportCount(string stage, int count, string what)
    {
        Report($"{stage} {count:N0} {what}");
        return new Pieces(writer, stage, count, what);
    }

    private sealed class Pieces(TextWriter writer, string stage, int total, string what) : IProgress<int>
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
                    writer.WriteLine($"{stage} {_done:N0} of {total:N0} {what}");
            }
        }
    }
}

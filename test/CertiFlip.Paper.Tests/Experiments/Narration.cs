namespace CertiFlip.Paper.Tests.Experiments;

/// <summary>Writes down what an experiment says, and may act on it.</summary>
internal sealed class Narration(Action<string>? hear = null) : IStageProgress
{
    private readonly List<string> _stages = [];

    public IReadOnlyList<string> Stages => _stages;

    public void Report(string stage)
    {
        _stages.Add(stage);
        hear?.Invoke(stage);
    }

    public IProgress<int> ReportCount(string stage, int count, string what)
    {
        Report(stage);
        return new Silence();
    }

    private sealed class Silence : IProgress<int>
    {
        public void Report(int value)
        {
        }
    }
}

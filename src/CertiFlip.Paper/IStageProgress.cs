namespace CertiFlip.Paper.Stages;

/// <summary>Is told where an experiment is.</summary>
public interface IStageProgress
{
    /// <summary>Is told what is being done now.</summary>
    /// <param name="stage">In a few words.</param>
    void Report(string stage);

    /// <summary>Is told what is being done now, piece by piece.</summary>
    /// <param name="stage">In a few words.</param>
    /// <param name="count">The number of pieces.</param>
    /// <param name="what">What the pieces are.</param>
    /// <returns>Is told, from any thread, how many more pieces are done.</returns>
    IProgress<int> ReportCount(string stage, int count, string what);
}

namespace CertiFlip.Paper;

/// <summary>One of the paper's figures, from raw data to its numbers.</summary>
public interface IExperiment
{
    /// <summary>What users call it.</summary>
    string Name { get; }

    /// <summary>What it reproduces.</summary>
    string Title { get; }

    /// <summary>The options that documented numbers were made with.</summary>
    ExperimentOptions Defaults { get; }

    /// <summary>The names of the options in <see cref="ExperimentOptions"/> that make a difference here.</summary>
    IReadOnlyList<string> Choices { get; }

    /// <summary>Whether <see cref="Reproduction.Rows"/> has the certificates of every test row.</summary>
    bool KeepsRows => false;

    /// <summary>Runs it.</summary>
    /// <param name="run">Data, options, where to save intermediate results, progress.</param>
    /// <exception cref="Data.DataException">Data are missing or damaged.</exception>
    /// <exception cref="OperationCanceledException">
    /// It was cancelled. The results of finished stages stay saved.
    /// </exception>
    Reproduction Run(ExperimentRun run);
}

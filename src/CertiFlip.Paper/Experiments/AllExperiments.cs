namespace CertiFlip.Paper.Experiments;

/// <summary>Every experiment there is, in the order of the paper's figures.</summary>
public static class AllExperiments
{
    /// <summary>The experiments.</summary>
    public static IReadOnlyList<IExperiment> List { get; } = [new Mnist17Experiment(), new DogfishExperiment(), new ImdbExperiment(), new RegularisationExperiment(), new Bounds()];
}

namespace CertiFlip.Paper;

/// <summary>Every experiment: the paper's figures in their order, then results beyond them.</summary>
public static class AllExperiments
{
    /// <summary>The experiments.</summary>
    public static IReadOnlyList<IExperiment> List { get; } =
    [
        new Mnist17Experiment(), new DogfishExperiment(), new ImdbExperiment(), new RegularisationExperiment(), new Bounds(),
        new Mnist10Record(), new Mnist17Record(), new Cifar10Record(),
    ];
}

using System.Diagnostics;
using CertiFlip.Cli.Methods;
using CertiFlip.Cli.Output;
using CertiFlip.Data;
using CertiFlip.Heads;

namespace CertiFlip.Cli.Commands.Frontier;

/// <summary>Tries settings one after the other. Heads are fitted to features alone; the training labels are what the radii speak of.</summary>
/// <param name="data">The data; the test rows are those for validation, and labelled.</param>
/// <param name="threads">How many threads may work; the results do not depend on it.</param>
/// <param name="cancellation">Stops the work.</param>
internal sealed class FrontierRun(RunData data, int threads, CancellationToken cancellation)
{
    // The exact certificate does not depend on it.
    private readonly Noise _noise = data.NoiseOf(new SmoothingMethod().Noise);

    /// <summary>Tries every setting.</summary>
    /// <exception cref="DataException">Nothing came of any.</exception>
    public FrontierResult Execute(IReadOnlyList<Candidate> candidates, IWorkProgress progress)
    {
        int rows = data.Test.Features.Rows;
        IProgress<int> rowsDone = progress.ReportCount("certifying", checked(rows * candidates.Count), $"rows by {Wording.Count(candidates.Count, "setting")}");
        List<Trial> trials = [];
        List<FailedTrial> failures = [];
        foreach (IGrouping<int, Candidate> group in candidates.GroupBy(candidate => candidate.Components))
        {
            FeatureMatrix training = data.Training.Features.FirstColumns(group.Key), validation = data.Test.Features.FirstColumns(group.Key);
            foreach (Candidate candidate in group)
            {
                cancellation.ThrowIfCancellationRequested();
                try
                {
                    var watch = Stopwatch.StartNew();
                    IHead head = Fit(candidate.Head, training);
                    CertifiedAccuracy accuracy = Certify(head, validation, rowsDone);
                    trials.Add(new Trial(candidate, accuracy, watch.Elapsed));
                }
                catch (HeadException exception)
                {
                    failures.Add(new FailedTrial(candidate, exception.Message));
                }
            }
        }

        return trials.Count > 0
            ? new FrontierResult(data, trials, failures)
            : throw new DataException($"{data.Training.Source}: nothing came of any setting; {failures[0].Candidate.Name}: {failures[0].Reason}");
    }

    private IHead Fit(HeadChoice choice, FeatureMatrix training)
    {
        // A head of all rows instead would go by the name of one that it is not.
        if (choice.Neighbours > training.Rows)
            throw new HeadException($"There are only {training.Rows:N0} training rows for {choice.Neighbours:N0} neighbours.");
        return choice.Fit(training, choice.Ridge.For(data.Labels, _noise), new ParallelOptions { MaxDegreeOfParallelism = threads });
    }

    private CertifiedAccuracy Certify(IHead head, FeatureMatrix validation, IProgress<int> rowsDone)
    {
        cancellation.ThrowIfCancellationRequested();
        var certifier = new Certifier(head, data.Labels, _noise, new CertifierOptions { Certificates = [CertificateKind.Exact], Threads = threads });
        return CertifiedAccuracy.Of(CertificateKind.Exact, certifier.CertifyBatch(validation, rowsDone, cancellation), data.Truth);
    }
}

/// <summary>Every head with every λ on every number of features.</summary>
internal sealed record CandidateGrid
{
    private const int Halvings = 3;

    /// <summary>The heads, each once.</summary>
    public required IReadOnlyList<HeadChoice> Heads { get; init; }

    /// <summary>Label-free rules for λ; heads without λ are tried once.</summary>
    public required IReadOnlyList<RidgeChoice> Ridges { get; init; }

    /// <summary>Gain and offset, for heads that have them.</summary>
    public SaturationOptions Saturation { get; init; } = new();

    /// <summary>Numbers of features; all of them and three halvings if there are none.</summary>
    public IReadOnlyList<int> Components { get; init; } = [];

    /// <summary>The settings for data with so many features, those on the same features together.</summary>
    /// <exception cref="UsageException">More features are asked for than there are.</exception>
    public IReadOnlyList<Candidate> For(RunData data)
    {
        int features = data.Training.Features.Columns;
        if (Components.FirstOrDefault(components => components > features) is > 0 and var excess)
            throw new UsageException($"--components '{excess}': expected at most {features}, the number of features in {data.Training.Source}.");
        IEnumerable<int> halvings = Enumerable.Range(0, Halvings + 1).Select(halving => (int)Math.Ceiling(features / Math.Pow(2, halving))).Distinct();
        return
        [
            .. from components in Components.Count > 0 ? Components : halvings.Reverse()
               from head in Heads
               from setting in head.HasRidge ? Ridges.Select(ridge => head with { Ridge = ridge, Saturation = Saturation }) : [head]
               select new Candidate(setting, components),
        ];
    }
}

/// <summary>A setting that may be chosen.</summary>
/// <param name="Head">The head, with its λ, gain and offset.</param>
/// <param name="Components">How many of the features it sees, the first ones.</param>
internal sealed record Candidate(HeadChoice Head, int Components)
{
    /// <summary>The rule for λ as written, empty for a head without λ.</summary>
    public string Ridge => Head.HasRidge ? Head.Ridge.Text : "";

    /// <summary>All of it in words.</summary>
    public string Name => $"{Head.Text}{(Head.HasRidge ? " " : "")}{Ridge}, {Components:N0} feature{(Components == 1 ? "" : "s")}";
}

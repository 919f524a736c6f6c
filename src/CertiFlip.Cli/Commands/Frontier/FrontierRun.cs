using System.Diagnostics;
using CertiFlip.Cli.Output;
using CertiFlip.Data;

namespace CertiFlip.Cli.Commands.Frontier;

/// <summary>
/// Tries settings one after the other. Heads are fitted to features alone; the training labels are what the radii speak
/// of.
/// </summary>
/// <param name="data">The data; the test rows are those for validation, and labelled.</param>
/// <param name="threads">How many threads may work; the results do not depend on it.</param>
/// <param name="cancellation">Stops the work.</param>
internal sealed class FrontierRun(RunData data, int threads, CancellationToken cancellation)
{
    /// <summary>Tries every setting.</summary>
    /// <exception cref="DataException">Nothing came of any.</exception>
    public FrontierResult Execute(IReadOnlyList<Candidate> candidates, IWorkProgress progress)
    {
        int rows = data.Test.Features.Rows;
        IProgress<int> rowsDone = progress.ReportCount(
            "certifying",
            (int)Math.Min((long)rows * candidates.Count, int.MaxValue),
            $"rows by {Wording.Count(candidates.Count, "setting")}");
        List<Trial> trials = [];
        List<FailedTrial> failures = [];
        foreach (IGrouping<int, Candidate> group in candidates.GroupBy(candidate => candidate.Components))
        {
            FeatureMatrix training = data.Training.Features.FirstColumns(group.Key);
            FeatureMatrix validation = data.Test.Features.FirstColumns(group.Key);
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
            : throw new DataException($"{data.Training.Source}: every setting failed; {failures[0].Candidate.Name}: {failures[0].Reason}");
    }

    private IHead Fit(HeadChoice choice, FeatureMatrix training)
    {
        // A head of all rows instead would go by the name of one that it is not.
        if (choice.LeastRows > training.Rows)
            throw new HeadException($"{choice.Text} needs {choice.LeastRows:N0} training rows, but there are {training.Rows:N0}.");
        return choice.Fit(training, new ParallelOptions { MaxDegreeOfParallelism = threads });
    }

    private CertifiedAccuracy Certify(IHead head, FeatureMatrix validation, IProgress<int> rowsDone)
    {
        cancellation.ThrowIfCancellationRequested();
        var certifier = new Certifier(head, data.Labels, new CertifierOptions { Threads = threads });
        return CertifiedAccuracy.Of(CertificateKind.Exact, certifier.CertifyBatch(validation, rowsDone, cancellation), data.Truth);
    }
}

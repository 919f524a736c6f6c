using CertiFlip.Cli.Commands.Audit;
using CertiFlip.Cli.Methods;
using CertiFlip.Cli.Output;
using CertiFlip.Heads;

namespace CertiFlip.Cli.Commands.Attack;

/// <summary>The fewest flips that there are, or the cheapest, against the head that <c>certify</c> certifies: one more than its exact radius.</summary>
/// <param name="Head">The head.</param>
internal sealed record WitnessAttack(HeadChoice Head)
{
    public AttackedMethod Run(RunData data, int threads, IWorkProgress progress, CancellationToken cancellation)
    {
        // The witness has nothing to do with noise; only the paper's λ asks for one.
        Noise noise = data.NoiseOf(new SmoothingMethod().Noise);
        FeatureMatrix training = data.Training.Features, test = data.Test.Features;
        progress.Report($"fitting a {Head.Text} head to {training.Rows:N0} × {training.Columns:N0} features");
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        IHead head = RunData.Named(data.Training, () => Head.Fit(training, Head.Ridge.For(data.Labels, noise), parallel));
        var certifier = new Certifier(head, data.Labels, noise, new CertifierOptions { Certificates = [CertificateKind.Exact], Adversary = data.Adversary, Threads = threads });
        IProgress<int> done = progress.ReportCount($"finding witnesses against the {Head.Text} head:", test.Rows, "rows");
        var findings = new Finding[test.Rows];
        Parallel.For(0, test.Rows, parallel, row =>
        {
            findings[row] = RunData.Named(data.Test, () => certifier.TryFindWitness(test.Row(row), out Witness? witness)
                ? new Finding(witness.Prediction, AttackNames.Witness, row, witness.Flips, witness.Cost)
                : new Finding(certifier.Certify(test.Row(row))[CertificateKind.Exact].Prediction, "", row, [], 0));
            done.Report(1);
        });
        string words = Head.InWords(head);
        return new AttackedMethod(
            Head.Text,
            $"{char.ToUpperInvariant(words[0])}{words[1..]}: witnesses, than which no attack {(data.Adversary.HasUnitCosts ? "needs fewer flips" : "costs less")}.",
            findings,
            data,
            data.TotalCost);
    }
}

using CertiFlip.Cli.Methods;
using CertiFlip.Cli.Output;
using CertiFlip.Heads;

namespace CertiFlip.Cli.Commands.Attack;

/// <summary>The fewest flips that there are, or the cheapest, against the head that <c>certify</c> certifies: one more than its exact radius.</summary>
/// <param name="Head">The head.</param>
internal sealed record WitnessAttack(HeadChoice Head)
{
    public AttackedMethod Run(Problem problem, int threads, IWorkProgress progress, CancellationToken cancellation)
    {
        // The witness has nothing to do with noise; only the paper's λ asks for one.
        Noise noise = problem.NoiseOf(new SmoothingMethod().Noise);
        FeatureMatrix training = problem.Training.Features, test = problem.Test.Features;
        progress.Report($"fitting a {Head.Text} head to {training.Rows:N0} × {training.Columns:N0} features");
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        IHead head = Problem.Named(problem.Training, () => Head.WithLabels(problem.Labels, noise).Fit(training, parallel));
        var certifier = new Certifier(head, problem.Labels, noise, new CertifierOptions { Certificates = [CertificateKind.Exact], Adversary = problem.Adversary, Threads = threads });
        IProgress<int> done = progress.ReportCount($"finding witnesses against the {Head.Text} head:", test.Rows, "rows");
        var findings = new Finding[test.Rows];
        Parallel.For(0, test.Rows, parallel, row =>
        {
            findings[row] = Problem.Named(problem.Test, () => certifier.TryFindWitness(test.Row(row), out Witness? witness)
                ? new Finding(witness.Prediction, AttackNames.Witness, row, witness.Flips, witness.Cost)
                : new Finding(certifier.Certify(test.Row(row))[CertificateKind.Exact].Prediction, "", row, [], 0));
            done.Report(1);
        });
        string words = Head.Describe(head);
        return new AttackedMethod(
            Head.Text,
            $"{char.ToUpperInvariant(words[0])}{words[1..]}: witnesses, than which no attack {(problem.Adversary.HasUnitCosts ? "needs fewer flips" : "costs less")}.",
            findings,
            problem,
            problem.TotalCost);
    }
}

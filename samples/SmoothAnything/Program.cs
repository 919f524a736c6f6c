using CertiFlip;
using CertiFlip.Smoothing;

// Any function of a point, Gaussian noise (Cohen et al.): how far may somebody move the point?
var gaussian = new GaussianMeasure([1.0, 2.0], sigma: 0.5);
MonteCarloEstimate sampled = MonteCarlo.Smooth(gaussian, x => x[0] * x[1] > 0.5, new MonteCarloOptions { Samples = 10_000 });
double distance = gaussian.Sigma * new GaussianGuarantee().Radius(sampled.Value);
Console.WriteLine($"g = {sampled.Class}, with 99.9 % confidence also for every point within {distance:F3}");

// Any function of discrete values (Lee et al.): how many of them may be changed? So few points need no sampling.
var bits = new DiscreteMeasure([1, 1, 0, 1, 1, 1, 0, 1, 1], alpha: 0.8, others: 1);
SmoothedValue exact = SmoothedValue.Of(bits, x => x.Sum() >= 5);
Console.WriteLine($"g = {exact.Vote}, also after any {new DiscreteGuarantee(bits).Radius(exact)} of {bits.Center.Count} bits are flipped");

// A training procedure of one's own is a function of the labels: how many labels may be wrong?
var labels = new ClassLabels([.. Enumerable.Range(0, 100).Select(row => row < 80 ? 1 : 0)], classCount: 2);
var certifier = new MonteCarloCertifier(new MajorityLearner(labels.Count), labels, new Noise(0.3));
Certificate tight = certifier.CertifyBatch(new FeatureMatrix(1, 1, [0]))[0][CertificateKind.Tight];
Console.WriteLine($"class {tight.Prediction}, also after any {tight.Radius} label flips, with 99.9 % confidence");

/// <summary>A learner that ignores the features: it predicts the commonest label.</summary>
internal sealed class MajorityLearner(int rows) : ILearner, IClassifier
{
    private int _class;

    public int TrainingRows => rows;

    public int ClassCount => 2;

    public bool DependsOnLabels => false;

    public IClassifier Learn(ReadOnlySpan<int> labels, CancellationToken cancellationToken = default) =>
        new MajorityLearner(rows) { _class = 2 * labels.Count(1) >= rows ? 1 : 0 };

    public void Predict(FeatureMatrix tests, Span<int> classes) => classes.Fill(_class);
}

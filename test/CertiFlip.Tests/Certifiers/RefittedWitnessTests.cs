using System.Numerics;
using CertiFlip.Heads;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Certifiers;

/// <summary>
/// Witnesses and exact radii carried out in earnest: flip the labels, fit the head again from nothing, look at its
/// class.
/// </summary>
public class RefittedWitnessTests
{
    // Label weights are stored as doubles; where an exact score is this near to ½, the stored ones may fall on its
    // other side.
    private const double TooClose = 1e-9;

    [Theory]
    [InlineData(Intercept.Fitted)]
    [InlineData(Intercept.None)]
    public void Flipping_the_witness_changes_the_class_of_the_refitted_head(Intercept intercept)
    {
        foreach (Case instance in Cases(intercept))
        {
            if (instance.Certifier.TryFindWitness(instance.X, out Witness? witness) && instance.IsClear(Rows(witness)))
                Assert.NotEqual(instance.ClassAfterFlipping([]), instance.ClassAfterFlipping(Rows(witness)));
        }
    }

    [Theory]
    [InlineData(Intercept.Fitted)]
    [InlineData(Intercept.None)]
    public void No_smaller_set_of_flips_changes_the_class_of_the_refitted_head(Intercept intercept)
    {
        int radii = 0;
        foreach (Case instance in Cases(intercept))
        {
            Certificate certificate = instance.Certifier.Certify(instance.X)[CertificateKind.Exact];
            radii += certificate.Radius.IsAny ? instance.Labels.Length : certificate.Radius.Budget;
            Assert.All(instance.FlipSets(certificate.Radius.IsAny ? instance.Labels.Length : certificate.Radius.Budget)
                .Where(instance.IsClear), flips =>
                Assert.Equal(certificate.Prediction, instance.ClassAfterFlipping(flips)));
        }

        Assert.True(radii > 0);
    }

    private static IEnumerable<int> Rows(Witness witness) => witness.Flips.Select(flip => flip.Row);

    private static IEnumerable<Case> Cases(Intercept intercept)
    {
        for (int seed = 0; seed < 24; seed++)
        {
            int rows = 4 + seed % 5;
            (FeatureMatrix features, int[] labels) = SomeFeatures.TwoClouds(rows, 1 + seed % 3, seed);
            RidgeHead head = RidgeHead.Fit(features, new RelativeRidge(0.2), intercept);
            double[] x = [.. Enumerable.Range(0, features.Columns).Select(i => 0.3 * i - 0.2 + seed % 4 * 0.4)];
            yield return new Case(
                new RationalRidge(features, head.Lambda, intercept),
                new Certifier(head, new ClassLabels(labels, 2), new CertifierOptions { Noise = new Noise(0.1) }), labels, x);
        }
    }

    private sealed record Case(RationalRidge Oracle, Certifier Certifier, int[] Labels, double[] X)
    {
        public int ClassAfterFlipping(IEnumerable<int> rows) => Score(rows) >= 0.5 ? 1 : 0;

        public bool IsClear(IEnumerable<int> rows) => Rational.Abs(Score(rows) - 0.5) > TooClose;

        public IEnumerable<int[]> FlipSets(int most) =>
            from mask in Enumerable.Range(0, 1 << Labels.Length)
            where BitOperations.PopCount((uint)mask) <= most
            select Enumerable.Range(0, Labels.Length).Where(row => (mask >> row & 1) == 1).ToArray();

        private Rational Score(IEnumerable<int> rows)
        {
            int[] labels = [.. Labels];
            foreach (int row in rows)
                labels[row] = 1 - labels[row];
            return Oracle.Score(labels, X);
        }
    }
}

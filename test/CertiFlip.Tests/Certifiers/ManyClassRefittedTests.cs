using CertiFlip.Heads;
using CertiFlip.Tests.Instances;
using CertiFlip.Tests.Oracles;

namespace CertiFlip.Tests.Certifiers;

/// <summary>
/// Witnesses and exact radii of three classes carried out in earnest: change the labels, fit a head per class again,
/// look at the largest score.
/// </summary>
public class ManyClassRefittedTests
{
    private const int Classes = 3;

    // Label weights are stored as doubles; where the two largest exact scores are this near each other, the stored ones
    // may swap them.
    private const double TooClose = 1e-9;

    [Theory]
    [InlineData(Intercept.Fitted)]
    [InlineData(Intercept.None)]
    public void Changing_the_witness_changes_the_class_of_the_refitted_head(Intercept intercept)
    {
        int tried = 0;
        foreach (Case instance in Cases(intercept))
        {
            Assert.True(instance.Certifier.TryFindWitness(instance.X, out Witness? witness));
            int[] changed = instance.Changed(witness.Flips);
            if (instance.LeaderOf(instance.Labels) is not int before || instance.LeaderOf(changed) is not int after)
                continue;
            Assert.Equal(witness.Prediction, before);
            Assert.NotEqual(before, after);
            tried++;
        }

        Assert.InRange(tried, 12, 18);
    }

    [Theory]
    [InlineData(Intercept.Fitted)]
    [InlineData(Intercept.None)]
    public void No_smaller_change_changes_the_class_of_the_refitted_head(Intercept intercept)
    {
        int radii = 0;
        foreach (Case instance in Cases(intercept))
        {
            Certificate certificate = instance.Certifier.Certify(instance.X)[CertificateKind.Exact];
            radii += certificate.Radius.Budget;
            Assert.All(instance.LabellingsWithin(certificate.Radius.Budget), labels =>
                Assert.Equal(certificate.Prediction, instance.LeaderOf(labels) ?? certificate.Prediction));
        }

        Assert.InRange(radii, 2, 100);
    }

    private static IEnumerable<Case> Cases(Intercept intercept)
    {
        for (int seed = 0; seed < 18; seed++)
        {
            FeatureMatrix features = SomeFeatures.Of(6, 1 + seed % 3, seed: 80 + seed, (_, _, value) => value + 2);
            int[] labels = [.. Enumerable.Range(0, 6).Select(row => (seed + Math.Max(0, row - 3)) % Classes)];
            RidgeHead head = RidgeHead.Fit(features, new RelativeRidge(1), intercept);
            double[] x = [.. Enumerable.Range(0, features.Columns).Select(i => 0.7 * i + 0.6 + seed % 4 * 0.5)];
            var certifier = new Certifier(head, new ClassLabels(labels, Classes), new CertifierOptions { Noise = new Noise(0.1, Classes) });
            yield return new Case(new RationalRidge(features, head.Lambda, intercept), certifier, labels, x);
        }
    }

    private sealed record Case(RationalRidge Oracle, Certifier Certifier, int[] Labels, double[] X)
    {
        /// <summary>The class that the head scores highest, if it is clear which.</summary>
        public int? LeaderOf(int[] labels)
        {
            Rational[] scores = [.. Enumerable.Range(0, Classes)
                .Select(c => Oracle.Score([.. labels.Select(label => label == c ? 1 : 0)], X))];
            Rational[] order = [.. scores.OrderDescending()];
            return order[0] - order[1] > TooClose ? Array.IndexOf(scores, order[0]) : null;
        }

        public int[] Changed(IEnumerable<LabelFlip> flips)
        {
            int[] labels = [.. Labels];
            foreach (LabelFlip flip in flips)
                labels[flip.Row] = flip.To;
            return labels;
        }

        public IEnumerable<int[]> LabellingsWithin(int changes) =>
            Labels.Aggregate((IEnumerable<int[]>)[[]], (all, _) =>
                all.SelectMany(start => Enumerable.Range(0, Classes).Select(c => (int[])[.. start, c])))
                .Where(labels => labels.Zip(Labels).Count(pair => pair.First != pair.Second) <= changes);
    }
}

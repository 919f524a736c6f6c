using CertiFlip.Heads;
using CertiFlip.Learners;
using CertiFlip.Smoothed;
using CertiFlip.Smoothing;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Certifiers;

/// <summary>Algorithm 2 on whole training procedures, against what is known of them without sampling.</summary>
public class MonteCarloCertifierTests
{
    private const int Samples = 2000;

    /// <summary>
    /// A lower confidence bound on the failure probability must not exceed the Chernoff bound B, an upper bound on it.
    /// </summary>
    [Theory]
    [InlineData(0.05, 2)]
    [InlineData(0.2, 2)]
    [InlineData(0.4, 2)]
    [InlineData(0.2, 3)]
    [InlineData(0.5, 3)]
    public void Chernoff_bound_of_a_linear_head_is_never_below_the_sampled_lower_bound(double q, int classes)
    {
        (FeatureMatrix features, ClassLabels labels) = Clouds(classes);
        FeatureMatrix tests = SomeFeatures.Generic(60, 5, seed: 3);
        var noise = new Noise(q, classes);
        var options = new CertifierOptions { Certificates = [CertificateKind.Kl] };
        IReadOnlyList<RowCertificates> bounded = new Certifier(RidgeHead.Fit(features), labels, options with { Noise = noise })
            .CertifyBatch(tests, cancellationToken: Token);
        IReadOnlyList<MonteCarloEstimate> sampled = SampleEveryClass(RidgeLearner.Fit(features, classes), labels, noise, tests);

        int decided = 0;
        for (int row = 0; row < tests.Rows; row++)
        {
            if (!bounded[row].Certificates[0].IsCertified)
                continue;
            decided++;
            for (int rival = 0; rival < classes; rival++)
            {
                // B is the largest failure probability of any pair, and a rival that is predicted has won its pair.
                if (rival != bounded[row].Certificates[0].Prediction)
                    Assert.True(bounded[row].LogFailure >= LogLowerBound(sampled[row * classes + rival]), $"row {row}, rival {rival}");
            }
        }

        Assert.True(decided > tests.Rows / 10, $"only {decided} rows are certified");
    }

    [Fact]
    public void Radii_are_those_that_the_guarantees_give_for_the_bound()
    {
        (FeatureMatrix features, ClassLabels labels) = Clouds(2);
        var noise = new Noise(0.3);
        FeatureMatrix tests = SomeFeatures.Generic(40, 5, seed: 3);
        foreach (RowCertificates row in new MonteCarloCertifier(RidgeLearner.Fit(features, 2), labels, noise)
            .CertifyBatch(tests, cancellationToken: Token))
        {
            Assert.Equal(Radius.Of(KlCertificate.Radius(row.LogFailure, noise, labels.Count), labels.Count),
                row[CertificateKind.Kl].Radius);
            Assert.Equal(Radius.Of(new TightCertificate(noise, labels.Count).Radius(row.LogFailure), labels.Count),
                row[CertificateKind.Tight].Radius);
            Assert.All(row.Certificates, certificate =>
                Assert.Equal(row.LogFailure < Math.Log(0.5), certificate.Prediction != Certificate.Abstention));
        }
    }

    [Fact]
    public void A_user_s_own_learner_is_certified_the_same_way()
    {
        // Always the commonest label: 50 of 60 are 1, so noise hardly ever makes it the other.
        var labels = new ClassLabels([.. Enumerable.Range(0, 60).Select(row => row < 50 ? 1 : 0)], 2);
        var certifier = new MonteCarloCertifier(new MajorityLearner(60, 2), labels, new Noise(0.1),
            new MonteCarloCertifierOptions { Sampling = new MonteCarloOptions { Samples = 20_000 } });
        RowCertificates row = certifier.CertifyBatch(SomeFeatures.Generic(1, 3, seed: 1), cancellationToken: Token)[0];
        Assert.All(row.Certificates, certificate => Assert.Equal(1, certificate.Prediction));
        Assert.InRange(row[CertificateKind.Tight].Radius, Radius.Of(1), Radius.Of(19));
        Assert.Equal(certifier.LargestRadius, row[CertificateKind.Tight].Radius);
    }

    [Fact]
    public void Learner_labels_and_noise_must_agree()
    {
        var labels = new ClassLabels([0, 1, 0], 2);
        Assert.Throws<ArgumentException>(() => new MonteCarloCertifier(new MajorityLearner(4, 2), labels, new Noise(0.1)));
        Assert.Throws<ArgumentException>(() => new MonteCarloCertifier(new MajorityLearner(3, 3), labels, new Noise(0.1)));
        Assert.Throws<ArgumentException>(() => new MonteCarloCertifier(new MajorityLearner(3, 2), labels, new Noise(0.1, 3)));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static (FeatureMatrix Features, ClassLabels Labels) Clouds(int classes)
    {
        (FeatureMatrix features, int[] labels) = SomeFeatures.TwoClouds(150, 5, seed: 21);
        return (features, new ClassLabels([.. labels.Select((label, row) => classes > 2 && row % 5 == 0 ? 2 : label)], classes));
    }

    /// <summary>For each row and class, how often that class was predicted, as a function of two values.</summary>
    private static IReadOnlyList<MonteCarloEstimate> SampleEveryClass(RidgeLearner learner, ClassLabels labels,
        Noise noise, FeatureMatrix tests) => MonteCarlo.Smooth(
        DiscreteMeasure.AroundLabels(labels, noise),
        (noisy, isPredicted) =>
        {
            int[] predictions = new int[tests.Rows];
            learner.Learn(noisy).Predict(tests, predictions);
            for (int i = 0; i < isPredicted.Length; i++)
                isPredicted[i] = predictions[i / labels.ClassCount] == i % labels.ClassCount ? 1 : 0;
        },
        tests.Rows * labels.ClassCount,
        2,
        new MonteCarloOptions { Samples = Samples },
        cancellationToken: Token);

    /// <summary>
    /// The Clopper–Pearson lower bound on the probability of 1: 1 less the upper bound on that of 0, at one in a
    /// million.
    /// </summary>
    private static double LogLowerBound(MonteCarloEstimate estimate)
    {
        int noughts = estimate.Class == 0 ? estimate.Agreeing : estimate.Samples - estimate.Agreeing;
        return Math.Log(Math.Max(0, 1 - Math.Exp(ClopperPearson.LogUpperBound(noughts, estimate.Samples, 1 - 1e-6))));
    }
}

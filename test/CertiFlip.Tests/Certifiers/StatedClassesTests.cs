using CertiFlip.Heads;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Certifiers;

/// <summary>
/// The list of classes under attack: labels are changed so that a class disappears or appears, everything is done again
/// from the labels alone, and the prediction is compared by name.
/// </summary>
public class StatedClassesTests
{
    private static readonly string[] Names = ["a", "b", "c"];

    public static TheoryData<string> Methods => new("exact", "no-intercept", "smoothed", "knn", "parts");

    [Theory]
    [MemberData(nameof(Methods))]
    public void Radius_of_a_stated_list_holds_when_a_class_loses_all_its_rows(string method)
    {
        int lost = 0;
        foreach ((FeatureMatrix features, string[] labels, double[] x) in Cases())
        {
            foreach (Certificate certificate in Certify(method, new TrainingSet(features, labels, ClassList.Of(Names)), x)
                .Where(own => own.IsCertified))
            {
                Assert.False(certificate.AssumesClasses);
                foreach (string[] changed in Labellings(labels).Where(changed => certificate.Radius.Survives(Changes(labels, changed))))
                {
                    lost += changed.Distinct().Count() < labels.Distinct().Count() ? 1 : 0;
                    var again = new TrainingSet(features, changed, ClassList.Of(Names));
                    Certificate after = Certify(method, again, x).Single(other => other.Kind == certificate.Kind);
                    if (after.IsCertified)
                        Assert.Equal(certificate.Prediction, after.Prediction);
                }
            }
        }

        Assert.True(lost > 0);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Radius_that_does_not_hold_for_a_list_read_off_the_labels_says_so(string method)
    {
        int broken = 0, unmarked = 0;
        foreach ((FeatureMatrix features, string[] labels, double[] x) in Cases())
        {
            var training = new TrainingSet(features, labels);
            foreach (Certificate certificate in Certify(method, training, x).Where(own => own.IsCertified))
            {
                unmarked += certificate.AssumesClasses ? 0 : 1;
                foreach (string[] changed in Labellings(labels).Where(changed => certificate.Radius.Survives(Changes(labels, changed))))
                {
                    // Names that do not occur are not in the list: the adversary stays within it.
                    if (changed.Distinct().Count() < 2 || changed.Except(labels).Any())
                        continue;
                    var again = new TrainingSet(features, changed);
                    Certificate after = Certify(method, again, x).Single(other => other.Kind == certificate.Kind);
                    if (!after.IsCertified || again.Classes[after.Prediction] == training.Classes[certificate.Prediction])
                        continue;
                    broken++;
                    Assert.True(certificate.AssumesClasses,
                        $"{method}, {certificate}: [{string.Join(' ', labels)}] to [{string.Join(' ', changed)}]");
                }
            }
        }

        Assert.True(unmarked > 0);
        if (method is "no-intercept")
            Assert.True(broken > 0); // Without the mark, radii would over-claim.
    }

    [Fact]
    public void Classes_are_safe_up_to_the_rarest_one_s_rows()
    {
        ClassLabels labels = new TrainingSet(new FeatureMatrix(5, 1, [1, 2, 3, 4, 5]), ["a", "a", "a", "b", "b"]).Labels;
        Assert.Equal(Radius.Of(1), LabelFlipAdversary.Unlimited.RadiusOfClasses(labels));
        Assert.Equal(Radius.Of(2), new LabelFlipAdversary { TrustedRows = [4] }.RadiusOfClasses(labels));
        Assert.Equal(Radius.Of(8), new LabelFlipAdversary { Costs = [4, 4, 4, 5, 4] }.RadiusOfClasses(labels));
        Assert.Equal(Radius.Of(2), new LabelFlipAdversary { Directions = [new(0, 1)] }.RadiusOfClasses(labels));
        Assert.Equal(Radius.Any, new LabelFlipAdversary { TrustedRows = [0, 4] }.RadiusOfClasses(labels));
        Assert.Throws<ArgumentException>(() => new LabelFlipAdversary { Costs = [4, 4, 4, 5] }.RadiusOfClasses(labels));
    }

    private static IEnumerable<(FeatureMatrix Features, string[] Labels, double[] X)> Cases()
    {
        for (int seed = 0; seed < 12; seed++)
        {
            FeatureMatrix features = SomeFeatures.Of(5, 2, seed: 300 + seed, (_, _, value) => value + 1);
            string[] labels = seed % 2 == 0 ? ["a", "b", "b", "b", "c"] : ["b", "b", "b", "b", "c"];
            yield return (features, labels, [0.5 + seed % 3, 1]);
        }
    }

    private static IReadOnlyList<Certificate> Certify(string method, TrainingSet training, double[] x)
    {
        ICertifier certifier = method switch
        {
            "exact" => Certifier.Fit(training),
            "no-intercept" => new Certifier(RidgeHead.Fit(training.Features, new FixedRidge(100), Intercept.None), training.Labels),
            "smoothed" => Certifier.Fit(training, new CertifierOptions { Noise = new Noise(0.05, training.Classes.Count) }),
            "knn" => new Certifier(NearestNeighboursHead.Fit(training.Features, 3), training.Labels),
            "parts" => PartitionCertifier.Fit(
                training, FeaturePartition.ByHash(training.Features, 4), (own, _) => RidgeHead.Fit(own),
                cancellationToken: TestContext.Current.CancellationToken),
            _ => throw new ArgumentOutOfRangeException(nameof(method)),
        };
        return certifier.Certify(x).Certificates;
    }

    private static int Changes(string[] labels, string[] changed) => labels.Zip(changed).Count(pair => pair.First != pair.Second);

    private static IEnumerable<string[]> Labellings(string[] labels) =>
        labels.Aggregate((IEnumerable<string[]>)[[]], (all, _) =>
            all.SelectMany(start => Names.Select(name => (string[])[.. start, name])));
}

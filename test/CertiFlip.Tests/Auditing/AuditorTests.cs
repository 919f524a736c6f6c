using CertiFlip.Auditing;
using CertiFlip.Certificates;
using CertiFlip.Certification;
using CertiFlip.Heads;
using CertiFlip.Tests.Instances;

namespace CertiFlip.Tests.Auditing;

public class AuditorTests
{
    private const int Rows = 90;
    private const int Wrong = 17;

    private readonly FeatureMatrix _training;
    private readonly FeatureMatrix _tests;
    private readonly int[] _labels;
    private readonly int[] _truth;
    private readonly RidgeHead _head;

    public AuditorTests()
    {
        (_training, _labels) = SomeFeatures.Clouds(Rows, 3, classes: 3, seed: 5);
        (_tests, _truth) = SomeFeatures.Clouds(40, 3, classes: 3, seed: 6);
        _labels[Wrong] = (_labels[Wrong] + 1) % 3;
        _head = RidgeHead.Fit(_training, new RelativeRidge(0.5));
    }

    [Fact]
    public void Total_radius_is_that_of_the_certifier()
    {
        IReadOnlyList<RowCertificates> certified = new Certifier(_head, new ClassLabels(_labels, 3), new Noise(0.1, 3)).CertifyBatch(_tests, null, TestContext.Current.CancellationToken);
        Certificate[] exact = [.. certified.Select(row => row[CertificateKind.Exact])];
        Assert.Equal(exact.Sum(row => row.Radius), OnTests(NewAuditor(), []).TotalRadius);
        LabelAudit counted = OnTests(NewAuditor(), _truth);
        Assert.Equal(exact.Where((row, i) => row.Prediction == _truth[i]).Sum(row => row.Radius), counted.TotalRadius);
        Assert.Equal(exact.Where((row, i) => row.Prediction == _truth[i]).Count(), counted.CountedRows);
    }

    [Fact]
    public void Contradicted_labels_come_first_and_the_one_that_is_wrong_among_them()
    {
        LabelAudit audit = LeftOut(NewAuditor(budget: Rows));
        Assert.Equal(Rows, audit.Suggestions.Select(suggestion => suggestion.Row).Distinct().Count());
        Suggestion[] contradicted = [.. audit.Suggestions.Take(audit.Contradicted)];
        Assert.All(contradicted, suggestion => Assert.NotEqual(suggestion.Label, suggestion.Prediction));
        Assert.Equal(contradicted.Select(suggestion => suggestion.ContradictionRadius).OrderDescending(), contradicted.Select(suggestion => suggestion.ContradictionRadius));
        Assert.Contains(contradicted.Take(10), suggestion => suggestion.Row == Wrong);
        Assert.All(audit.Suggestions.Skip(audit.Contradicted), suggestion => Assert.Equal((SuggestionReason.Relied, -1), (suggestion.Reason, suggestion.ContradictionRadius)));
    }

    [Fact]
    public void Each_label_after_the_contradicted_adds_as_much_as_any_could()
    {
        LabelAudit audit = OnTests(NewAuditor(budget: 30), _truth);
        for (int taken = audit.Contradicted; taken < 30; taken++)
        {
            HashSet<int> verified = [.. audit.Suggestions.Take(taken).Select(suggestion => suggestion.Row)];
            long Total(int row) => TotalWith([.. verified, row]);
            Assert.Equal(Enumerable.Range(0, Rows).Where(row => !verified.Contains(row)).Max(Total), Total(audit.Suggestions[taken].Row));
            Assert.Equal(Total(audit.Suggestions[taken].Row), audit.Suggestions[taken].TotalRadius);
        }
    }

    [Fact]
    public void Gain_is_what_the_radii_add_up_to_with_the_label_trusted()
    {
        LabelAudit audit = OnTests(NewAuditor(budget: 30), _truth);
        Assert.Contains(audit.Suggestions, suggestion => suggestion.RadiusGain > 0);
        Assert.All(audit.Suggestions, suggestion => Assert.Equal(TotalWith([suggestion.Row]) - audit.TotalRadius, suggestion.RadiusGain));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Threads_change_nothing(bool hasTests)
    {
        LabelAudit Run(int threads)
        {
            var auditor = new Auditor(_head, new ClassLabels(_labels, 3), new AuditOptions { Budget = 40, Threads = threads });
            return hasTests ? OnTests(auditor, _truth) : LeftOut(auditor);
        }

        LabelAudit one = Run(1), three = Run(3);
        Assert.Equal(one.Suggestions, three.Suggestions);
        Assert.Equal(one with { Suggestions = [] }, three with { Suggestions = [] });
    }

    [Fact]
    public void Trusted_rows_are_never_suggested()
    {
        HashSet<int> trusted = [.. Enumerable.Range(0, Rows).Where(row => row % 2 == 0)];
        LabelAudit audit = LeftOut(NewAuditor(Rows, trusted));
        Assert.Equal(Rows / 2, audit.Suggestions.Count);
        Assert.DoesNotContain(audit.Suggestions, suggestion => trusted.Contains(suggestion.Row));
        Assert.True(audit.TotalRadius > LeftOut(NewAuditor()).TotalRadius);
    }

    private long TotalWith(HashSet<int> trusted) => OnTests(NewAuditor(1, trusted), _truth).TotalRadius;

    private LabelAudit OnTests(Auditor auditor, int[] truth) => auditor.Audit(_training, _tests, truth, null, TestContext.Current.CancellationToken);

    private LabelAudit LeftOut(Auditor auditor) => auditor.Audit(_training, null, TestContext.Current.CancellationToken);

    private Auditor NewAuditor(int budget = 20, HashSet<int>? trusted = null) =>
        new(_head, new ClassLabels(_labels, 3), new AuditOptions { Budget = budget, TrustedRows = trusted ?? [], Threads = 2 });
}

using CertiFlip.Auditing;
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
        IReadOnlyList<RowCertificates> certified =
            new Certifier(_head, new ClassLabels(_labels, 3), new CertifierOptions { Noise = new Noise(0.1, 3) })
                .CertifyBatch(_tests, null, TestContext.Current.CancellationToken);
        Certificate[] exact = [.. certified.Select(row => row[CertificateKind.Exact])];
        Assert.Equal(exact.Sum(row => row.Radius.Budget), OnTests(NewAuditor(), []).TotalRadius);
        LabelAudit counted = OnTests(NewAuditor(), _truth);
        Assert.Equal(exact.Where((row, i) => row.Prediction == _truth[i]).Sum(row => row.Radius.Budget), counted.TotalRadius);
        Assert.Equal(exact.Where((row, i) => row.Prediction == _truth[i]).Count(), counted.CountedRows);
    }

    [Fact]
    public void Clear_contradictions_come_first_and_the_label_that_is_wrong_among_them()
    {
        LabelAudit audit = LeftOut(NewAuditor(budget: Rows));
        Assert.Equal(Rows, audit.Suggestions.Select(suggestion => suggestion.Row).Distinct().Count());
        Assert.InRange(audit.ClearlyContradicted, 1, audit.Contradicted - 1);
        Assert.Equal(Wrong, audit.Suggestions[0].Row);
        Assert.All(audit.Suggestions.Take(audit.ClearlyContradicted), suggestion =>
            Assert.Equal(SuggestionReason.Contradicted, suggestion.Reason));
        Assert.Equal(SuggestionReason.Relied, audit.Suggestions[audit.ClearlyContradicted + 3].Reason);
        Assert.Equal(audit.Contradicted, audit.Suggestions.Count(suggestion => suggestion.SuggestedClass != suggestion.Label));
        Assert.All(audit.Suggestions.Where(suggestion => suggestion.SuggestedClass == suggestion.Label), suggestion =>
            Assert.Equal((SuggestionReason.Relied, Radius.Of(0), 0), (suggestion.Reason, suggestion.ContradictionRadius, suggestion.Lead)));
    }

    [Fact]
    public void Contradicted_labels_come_in_the_order_of_their_leads()
    {
        LabelAudit audit = LeftOut(NewAuditor(budget: Rows));
        Suggestion[] contradicted = [.. audit.Suggestions.Where(suggestion => suggestion.Reason == SuggestionReason.Contradicted)];
        Suggestion[] clear = contradicted[..audit.ClearlyContradicted], doubtful = contradicted[audit.ClearlyContradicted..];
        Assert.Equal(clear.OrderByDescending(suggestion => suggestion.Lead), clear);
        Assert.Equal(doubtful.OrderByDescending(suggestion => suggestion.Lead), doubtful);
        Assert.All(contradicted, suggestion => Assert.InRange(suggestion.Lead, 1e-9, 2));
    }

    [Fact]
    [Trait("Tier", "Slow")]
    public void Each_label_relied_on_adds_as_much_as_any_could()
    {
        LabelAudit audit = OnTests(NewAuditor(budget: 30), _truth);
        for (int taken = 0; taken < 30; taken++)
        {
            HashSet<int> verified = [.. audit.Suggestions.Take(taken).Select(suggestion => suggestion.Row)];
            long Total(int row) => TotalWith([.. verified, row]);
            if (audit.Suggestions[taken].Reason == SuggestionReason.Relied)
                Assert.Equal(Enumerable.Range(0, Rows).Where(row => !verified.Contains(row)).Max(Total),
                    Total(audit.Suggestions[taken].Row));
            Assert.Equal(Total(audit.Suggestions[taken].Row), audit.Suggestions[taken].TotalRadius);
        }
    }

    [Fact]
    public void A_second_opinion_has_a_fifth_of_the_say_in_what_is_contradicted_and_none_in_radii()
    {
        NearestNeighboursHead second = NearestNeighboursHead.Fit(_training, 5);
        LabelAudit alone = LeftOut(NewAuditor(Rows)), together =
            LeftOut(new Auditor(_head, new ClassLabels(_labels, 3), new AuditOptions { Budget = Rows, SecondOpinion = second }));
        Assert.Equal(alone.TotalRadius, together.TotalRadius);
        Assert.All(together.Suggestions, suggestion =>
            Assert.Equal(alone.Suggestions.Single(other => other.Row == suggestion.Row).RadiusGain, suggestion.RadiusGain));
        double[] own = new double[96 * 92], others = new double[96 * 92];
        _head.ComputeLeaveOneOutWeights(_training, 0, Rows, own, 96, new double[Rows]);
        second.ComputeLeaveOneOutWeights(_training, 0, Rows, others, 96, new double[Rows]);
        foreach (Suggestion suggestion in together.Suggestions)
        {
            double Score(int c) => Enumerable.Range(0, Rows).Where(row => _labels[row] == c)
                .Sum(row => 0.8 * own[suggestion.Row * 96 + row] + 0.2 * others[suggestion.Row * 96 + row]);
            Assert.Equal(Enumerable.Range(0, 3).MaxBy(Score), suggestion.SuggestedClass);
            Assert.Equal(Score(suggestion.SuggestedClass) - Score(suggestion.Label), suggestion.Lead, 1e-12);
        }
    }

    [Fact]
    public void With_costs_labels_relied_on_still_add_as_much_as_any_could()
    {
        int[] costs = [.. Enumerable.Range(0, Rows).Select(row => 1 + row % 4)];
        long With(params int[] trusted) =>
            OnTests(Limited(1, new LabelFlipAdversary { Costs = costs, TrustedRows = trusted }), _truth).TotalRadius;
        LabelAudit audit = OnTests(Limited(6, new LabelFlipAdversary { Costs = costs }), _truth);
        Assert.Equal(With(), audit.TotalRadius);
        Assert.All(audit.Suggestions, suggestion => Assert.Equal(With(suggestion.Row) - audit.TotalRadius, suggestion.RadiusGain));
        for (int taken = 0; taken < audit.Suggestions.Count; taken++)
            Assert.Equal(With([.. audit.Suggestions.Take(taken + 1).Select(suggestion => suggestion.Row)]),
                audit.Suggestions[taken].TotalRadius);
    }

    [Fact]
    public void A_label_that_can_become_nothing_else_is_never_suggested()
    {
        LabelAudit audit = LeftOut(Limited(Rows, new LabelFlipAdversary { Directions = [new FlipDirection(1, 0)] }));
        Assert.Equal(_labels.Count(label => label == 1), audit.Suggestions.Count);
        Assert.All(audit.Suggestions, suggestion => Assert.Equal(1, suggestion.Label));
        Assert.All(audit.Suggestions, suggestion => Assert.InRange(suggestion.SuggestedClass, 0, 1));
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

    private LabelAudit OnTests(Auditor auditor, int[] truth) =>
        auditor.Audit(_training, _tests, truth, null, TestContext.Current.CancellationToken);

    private LabelAudit LeftOut(Auditor auditor) => auditor.Audit(_training, null, TestContext.Current.CancellationToken);

    private Auditor NewAuditor(int budget = 20, HashSet<int>? trusted = null) =>
        Limited(budget, new LabelFlipAdversary { TrustedRows = [.. trusted ?? []] });

    private Auditor Limited(int budget, LabelFlipAdversary adversary) =>
        new(_head, new ClassLabels(_labels, 3), new AuditOptions { Budget = budget, Adversary = adversary, Threads = 2 });
}

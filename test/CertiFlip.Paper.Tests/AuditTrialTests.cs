using CertiFlip.AuditTrial;

namespace CertiFlip.Paper.Tests;

/// <summary>The trial of <c>docs/audit.md</c> on the digits that ship.</summary>
[Trait("Tier", "Slow")]
public class AuditTrialTests
{
    [Fact]
    public void An_audit_finds_most_flipped_labels_among_twice_as_many_and_no_fewer_than_margins_do()
    {
        CertiFlip.AuditTrial.TrialResult[] results = [.. Trial.Run(TrialData.Read("digits", new DataFolder("nowhere")), seed: 1)];
        Assert.Equal(["random", "witness"], results.Select(result => result.How).Distinct());
        Assert.All(results, result => Assert.Equal(result.Found.Order(), result.Found));
        Assert.All(results.Where(result => result.Order == "audit"), result =>
            Assert.InRange(result.Found[1], 3 * result.Flipped / 4, result.Flipped));
        Assert.All(results.GroupBy(result => result.How), how =>
            Assert.True(how.Single(result => result.Order == "audit").Found[0] >= how.Single(result => result.Order == "margin").Found[0]));
        Assert.All(results.Where(result => result.Order == "random"), result => Assert.InRange(result.Found[1], 0, result.Flipped / 4));
    }
}

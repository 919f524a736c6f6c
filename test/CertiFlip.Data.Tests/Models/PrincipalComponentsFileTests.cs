using CertiFlip.Features;

namespace CertiFlip.Data.Tests.Models;

public class PrincipalComponentsFileTests
{
    private static readonly FeatureMatrix Inputs = new(4, 3, [1, 2, 4, -1, 0.5, 8, 3, 3, 3, 0, 1, 0]);

    [Fact]
    public void Restored_components_map_to_the_same_bits()
    {
        var map = PrincipalComponents.Fit(Inputs);
        Assert.Equal(map.Transform(Inputs).Values, StoredModel.Of(map).Restore<PrincipalComponents>().Transform(Inputs).Values);
    }

    [Fact]
    public void Arrays_that_do_not_fit_together_are_refused()
    {
        var model = new StoredModel(PrincipalComponents.Kind);
        model.Add("means", [0.0, 0]);
        model.Add("directions", [1.0]);
        model.Add("variances", [1.0]);
        model.Add("total variance", [1.0]);
        Assert.Contains("does not fit together",
            Assert.Throws<DataException>(() => model.Restore<PrincipalComponents>()).Message, StringComparison.Ordinal);
    }
}

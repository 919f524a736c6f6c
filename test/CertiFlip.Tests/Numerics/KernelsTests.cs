using CertiFlip.Numerics;

namespace CertiFlip.Tests.Numerics;

public class KernelsTests
{
    [Fact]
    public void Unknown_name_is_refused_with_the_names_there_are()
    {
        var exception = Assert.Throws<PlatformNotSupportedException>(() => Kernels.Choose("vector1024"));
        Assert.Contains(Kernels.EnvironmentVariable, exception.Message);
        Assert.Contains("'vector1024'", exception.Message);
        Assert.Contains("scalar", exception.Message);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void No_name_means_the_fastest(string? name) => Assert.Same(Kernels.All[0], Kernels.Choose(name));

    [Fact]
    public void Every_set_can_be_chosen_by_its_name() =>
        Assert.All(Kernels.All, kernels => Assert.Same(kernels, Kernels.Choose(kernels.Name)));

    [Fact]
    public void Scalar_twin_is_always_there_and_last() => Assert.Equal("scalar", Kernels.All[^1].Name);
}

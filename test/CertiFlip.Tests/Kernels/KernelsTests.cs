using CertiFlip.Kernels;

namespace CertiFlip.Tests.Kernels;

public class KernelsTests
{
    [Fact]
    public void Unknown_name_is_refused_with_the_names_there_are()
    {
        var exception = Assert.Throws<PlatformNotSupportedException>(() => KernelSet.Choose("vector1024"));
        Assert.Contains(KernelSet.EnvironmentVariable, exception.Message);
        Assert.Contains("'vector1024'", exception.Message);
        Assert.Contains("scalar", exception.Message);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void No_name_means_the_fastest(string? name) => Assert.Same(KernelSet.All[0], KernelSet.Choose(name));

    [Fact]
    public void Every_set_can_be_chosen_by_its_name() =>
        Assert.All(KernelSet.All, kernels => Assert.Same(kernels, KernelSet.Choose(kernels.Name)));

    [Fact]
    public void Scalar_twin_is_always_there_and_last() => Assert.Equal("scalar", KernelSet.All[^1].Name);
}

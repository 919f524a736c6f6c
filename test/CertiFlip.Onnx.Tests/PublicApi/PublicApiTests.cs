using PublicApiGenerator;

namespace CertiFlip.Onnx.Tests.PublicApi;

/// <summary>What users of the library can see is written down, so that changing it is a decision.</summary>
public class PublicApiTests
{
    [Fact]
    public void Public_api_is_the_approved_one() => Golden.Matches(
        typeof(OnnxImageMap).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }) + "\n",
        "test", "CertiFlip.Onnx.Tests", "PublicApi", "CertiFlip.Onnx.approved.txt");
}

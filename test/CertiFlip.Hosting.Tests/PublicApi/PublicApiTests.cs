using PublicApiGenerator;

namespace CertiFlip.Hosting.Tests.PublicApi;

public class PublicApiTests
{
    [Fact]
    public void Public_api_is_the_approved_one() => Golden.Matches(
        typeof(CertiFlipOptions).Assembly.GeneratePublicApi(
            new ApiGeneratorOptions { IncludeAssemblyAttributes = false, DenyNamespacePrefixes = [] }) + "\n",
        "test", "CertiFlip.Hosting.Tests", "PublicApi", "CertiFlip.Hosting.approved.txt");
}

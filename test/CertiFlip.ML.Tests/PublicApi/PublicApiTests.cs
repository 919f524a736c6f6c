using PublicApiGenerator;

namespace CertiFlip.ML.Tests.PublicApi;

public class PublicApiTests
{
    [Fact]
    public void Public_api_is_the_approved_one() => Golden.Matches(
        typeof(CertifiedHeadCatalog).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }) + "\n",
        "test", "CertiFlip.ML.Tests", "PublicApi", "CertiFlip.ML.approved.txt");
}

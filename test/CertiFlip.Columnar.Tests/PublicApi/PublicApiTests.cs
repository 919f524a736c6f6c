using PublicApiGenerator;

namespace CertiFlip.Columnar.Tests.PublicApi;

public class PublicApiTests
{
    [Fact]
    public void Public_api_is_the_approved_one() => Golden.Matches(
        typeof(ColumnarFormats).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }) + "\n",
        "test", "CertiFlip.Columnar.Tests", "PublicApi", "CertiFlip.Columnar.approved.txt");
}

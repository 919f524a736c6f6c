using PublicApiGenerator;

namespace CertiFlip.Notebooks.Tests.PublicApi;

public class PublicApiTests
{
    [Fact]
    public void Public_api_is_the_approved_one() => Golden.Matches(
        typeof(NotebookHtml).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }) + "\n",
        "test", "CertiFlip.Notebooks.Tests", "PublicApi", "CertiFlip.Notebooks.approved.txt");
}

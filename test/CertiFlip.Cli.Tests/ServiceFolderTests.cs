namespace CertiFlip.Cli.Tests;

/// <summary>The service is flat.</summary>
public class ServiceFolderTests
{
    [Fact]
    public void The_service_is_one_folder() => new SourceFolders("CertiFlip.Service").KeepTo("root");
}

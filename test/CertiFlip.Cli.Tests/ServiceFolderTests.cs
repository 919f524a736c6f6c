namespace CertiFlip.Cli.Tests;

/// <summary>The service is one folder.</summary>
public class ServiceFolderTests
{
    [Fact]
    public void The_service_has_no_folders_below() => FolderRules.Hold("CertiFlip.Service", ".");
}

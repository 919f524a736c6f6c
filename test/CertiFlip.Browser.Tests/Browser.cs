using System.Text.Json;
using OpenQA.Selenium;
using OpenQA.Selenium.Chrome;

namespace CertiFlip.Browser.Tests;

/// <summary>Debian's Chromium without a window. Tests skip where it is not installed.</summary>
internal sealed class Browser : IDisposable
{
    private const string Chromium = "/usr/bin/chromium", Driver = "/usr/bin/chromedriver";

    private readonly TestFolder _profile = new();
    private readonly ChromeDriver _driver;

    private Browser(int width, int height)
    {
        var options = new ChromeOptions { BinaryLocation = Chromium };
        options.AddArguments(
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars", $"--user-data-dir={_profile.Path}");
        options.SetLoggingPreference(LogType.Browser, LogLevel.All);
        options.SetLoggingPreference("performance", LogLevel.All);
        var service = ChromeDriverService.CreateDefaultService(Path.GetDirectoryName(Driver), Path.GetFileName(Driver));
        service.SuppressInitialDiagnosticInformation = true;
        _driver = new ChromeDriver(service, options, TimeSpan.FromMinutes(2));
        Tell("Emulation.setDeviceMetricsOverride", new() { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false });
    }

    public ChromeDriver Page => _driver;

    /// <summary>What scripts and the policy complained about.</summary>
    public IEnumerable<string> Complaints => _driver.Manage().Logs.GetLog(LogType.Browser).Select(entry => entry.Message);

    /// <summary>Addresses that the page asked for, itself first.</summary>
    public IEnumerable<string> Requests =>
        from entry in _driver.Manage().Logs.GetLog("performance")
        let message = JsonDocument.Parse(entry.Message).RootElement.GetProperty("message")
        where message.GetProperty("method").GetString() == "Network.requestWillBeSent"
        let request = message.GetProperty("params")
        where request.GetProperty("documentURL").GetString() == _driver.Url // The browser's own first page asks for much.
        let address = request.GetProperty("request").GetProperty("url").GetString()!
        where !address.StartsWith("data:", StringComparison.Ordinal)
        select address;

    public static Browser Open(string path, int width = 1000, int height = 1400, bool dark = false)
    {
        Assert.SkipUnless(File.Exists(Chromium) && File.Exists(Driver), "Chromium and its driver are not installed (Debian: apt-get install chromium chromium-driver).");
        var browser = new Browser(width, height);
        if (dark)
            browser.Tell("Emulation.setEmulatedMedia", new() { ["features"] = new object[] { new Dictionary<string, object> { ["name"] = "prefers-color-scheme", ["value"] = "dark" } } });
        browser.Page.Navigate().GoToUrl(new Uri(path).AbsoluteUri);
        return browser;
    }

    public T Ask<T>(string script) => (T)_driver.ExecuteScript(script)!;

    public string Text(string selector) => _driver.FindElement(By.CssSelector(selector)).GetDomProperty("textContent")!;

    public void Dispose()
    {
        _driver.Quit();
        _driver.Dispose();
        _profile.Dispose();
    }

    private void Tell(string command, Dictionary<string, object?> parameters) => _driver.ExecuteCdpCommand(command, parameters);
}
